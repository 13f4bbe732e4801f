import type { Held } from '../../../storage/write-count';
import { formatCount, formatDate } from '../format';
import type { database as english } from '../en/database';

const held = ({ runs, datasets, others, records }: Held): string =>
  [
    ...(runs > 0 ? [`학습 ${formatCount(runs)}개`] : []),
    ...(datasets > 0 ? [`데이터셋 ${formatCount(datasets)}개`] : []),
    ...(others > 0 ? [`판정이나 프롬프트 묶음 ${formatCount(others)}개`] : []),
    `기록 모두 ${formatCount(records)}건`,
  ].join(', ');

export const database: typeof english = {
  reload: '다시 시도',
  beginAnew: '빈 데이터베이스로 새로 시작',
  anewTitle: '쓸 수 없는 데이터베이스를 삭제하시겠습니까?',
  anewBody:
    '그 안에 남아 있을지 모르는 내용은 사라집니다. 이 페이지에 있는 내용은 새 데이터베이스에 저장하고, 나머지는 백업에서 되살릴 수 있습니다. 보관된 모델은 그대로 남습니다.',
  anewConfirm: '삭제하고 새로 시작',
  cancel: '그대로 두기',
  emptied: (at, before) =>
    `${formatDate(at)}에 브라우저에 저장된 Airlock 데이터가 비어 있는 것을 발견했습니다.${before === null ? '' : ` 있던 내용: ${held(before)}.`}`,
  cutBack: (at, writes, before, now) =>
    `${formatDate(at)}에 브라우저에 저장된 Airlock 데이터가 손상된 것을 발견했습니다. ${writes === null || writes === 0 ? '일부가 없습니다.' : `마지막에 저장한 변경 ${formatCount(writes)}건이 없습니다.`}${before === null ? '' : ` 있던 내용: ${held(before)}. 지금 있는 내용: ${held(now)}.`}`,
  reason: (words) => `브라우저가 손상된 파일을 발견하고 버렸습니다(브라우저의 말: “${words}”).`,
  disk: 'Airlock이 삭제한 것이 아니라 디스크나 다른 프로그램 또는 브라우저 때문입니다. 디스크를 점검받으십시오.',
  next: '남은 내용으로 모든 기능을 쓸 수 있습니다. 없어진 내용은 백업에서 되살릴 수 있습니다. 보관된 모델은 이 데이터베이스에 있지 않습니다.',
  restore: '백업 복원',
  backUp: '남은 내용 백업',
  putAway: '이 알림 치우기',
};
