import { formatCount } from '../format';
import type { common as english } from '../en/common';

export const common: typeof english = {
  airlock: 'Airlock',
  undo: '실행 취소',
  dismiss: '닫기',
  stop: '중지',
  stopping: '중지하는 중…',
  saveName: '이름 저장',
  cancel: '취소',
  close: '닫기',
  none: '없음',
  methodUnknown: '방법 알 수 없음',
  unknown: '–',
  pairs: (count) => `선호 쌍 ${formatCount(count)}개`,
  runs: (count) => `학습 ${formatCount(count)}회`,
  steps: (count) => `${formatCount(count)}스텝`,
  tokens: (count) => `토큰 ${formatCount(count)}개`,
  stepOf: (step, total) => `${formatCount(total)}스텝 중 ${formatCount(step)}스텝`,
  ofTotal: (done, total) => `${formatCount(total)}개 중 ${formatCount(done)}개`,
  chooseModelFirst: '먼저 모델 화면에서 모델을 선택하십시오.',
  warningsOf: (name) => `${name}의 경고`,
  prompt: '프롬프트',
  chosen: '선택 답변',
  rejected: '거부 답변',
  roles: { system: '시스템', user: '사용자', assistant: '어시스턴트', tool: '도구' },
};
