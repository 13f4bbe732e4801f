import type { backup as english } from '../../../../messages/english/backup';

export const backup: typeof english = {
  backupValueUnknown: ({ name, kind }) => `"${name}"에 백업할 수 없는 종류의 값(${kind})이 있습니다.`,
  backupValueBad: ({ name }) =>
    `이 파일의 "${name}" 항목은 Airlock이 쓰는 형식이 아닙니다. 아무것도 바뀌지 않았습니다. 백업의 다른 사본을 사용하십시오.`,
  backupUnreadable: ({ reason }) =>
    `파일을 읽지 못했습니다(${reason}). 파일이 바뀌었거나 옮겨졌거나 삭제되었으면 다시 선택하십시오.`,
  backupNotOne: ({ file }) =>
    `${file}은(는) Airlock의 백업이나 전달 파일이 아닙니다. 첫 바이트가 다릅니다. Airlock이 쓴 파일을 선택하십시오.`,
  backupBeginningBad: ({ file }) =>
    `${file}의 앞부분이 손상되어 읽을 수 없습니다. 아무것도 바뀌지 않았습니다. 다른 사본을 사용하십시오.`,
  backupNewer: ({ file, version, limit }) =>
    `${file}은(는) 더 새로운 Airlock이 쓴 파일입니다(형식 ${version}, 이 버전은 ${limit}까지 읽습니다). 새 버전에서 여십시오.`,
  backupPassphraseWrong:
    '암호로 이 파일을 열 수 없습니다. 암호가 다르거나 파일의 첫 부분이 바뀌었습니다. 아무것도 바뀌지 않았습니다. 암호를 다시 입력하십시오.',
  backupCut: ({ bytes }) =>
    `파일이 잘렸거나 손상되었습니다. 내용이 파일 크기 ${bytes}바이트를 넘어 이어집니다. 아무것도 바뀌지 않았습니다. 다른 사본을 사용하십시오.`,
  backupPartAltered: ({ number }) =>
    `암호화된 파일의 ${number}번째 부분이 바뀌었거나 잘렸습니다. 아무것도 바뀌지 않았습니다. 다른 사본을 사용하십시오.`,
  courierIsBackup: ({ file }) =>
    `${file}은(는) 전달 파일이 아니라 전체 백업입니다. 페이지 위쪽의 기록에서 복원하십시오.`,
  courierEmpty: ({ file }) => `전달 파일 ${file}에 읽을 수 있는 판정이 없습니다. 파일을 다시 받으십시오.`,
  courierRoundOpen: ({ file }) =>
    `${file}은(는) 판정할 답변인데 다른 판정이 열려 있습니다. “새로 시작”으로 그 판정을 정리한 뒤 파일을 다시 여십시오.`,
  restoreIsCourier: ({ file }) =>
    `${file}은(는) 판정할 답변이나 그 결과를 담은 전달 파일입니다. 판정 화면에서 여십시오.`,
  restoreRunGoing: ({ run }) =>
    `${run}을(를) 다른 탭에서 학습하고 있어 그 앞에서 복원을 멈췄습니다. 그 탭에서 학습을 멈추고 파일을 다시 복원하십시오. 이미 복원된 것은 그대로 있습니다.`,
  backupEntryAltered: ({ name }) =>
    `파일이 쓰인 그대로가 아닙니다. ${name === '' ? '처음이나 끝 부분' : `"${name}" 또는 그 바로 뒤`}의 해시가 다릅니다. 아무것도 바뀌지 않았습니다. 다른 사본을 사용하십시오.`,
};
