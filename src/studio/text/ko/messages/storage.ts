import type { storage as en } from '../../../../messages/english/storage';

export const storage: typeof en = {
  couldNot: ({ doing, reason }) => `실패했습니다(${doing}): ${reason}.`,
  couldNotStorageFull: ({ doing }) =>
    `브라우저 저장소가 가득 차 실패했습니다(${doing}). 필요한 어댑터를 내려받고 오래된 학습을 삭제한 뒤 다시 시도하십시오.`,
  databaseClosed: ({ reason }) =>
    `브라우저가 이 PC에 있는 Airlock 데이터베이스를 열지 못합니다(브라우저의 말: "${reason}"). 열릴 때까지 그 안의 내용을 읽을 수 없고 새로 보관할 수도 없습니다. 학습과 내려받기는 됩니다.`,
  databaseNewer: ({ version, limit }) =>
    `이 브라우저의 Airlock 데이터베이스는 더 새로운 Airlock의 것이라(버전 ${version}, 이 Airlock은 ${limit}까지) 그대로 두었습니다. 더 새로운 Airlock을 여십시오. 그때까지 여기에는 아무것도 보관할 수 없으며, 학습과 내려받기는 됩니다.`,
  databaseForeign:
    '이 브라우저의 Airlock 데이터베이스에 모든 것을 보관하는 표가 없어, 읽을 것도 없고 보관할 수도 없습니다. 학습과 내려받기는 됩니다. 빈 데이터베이스로 새로 시작한 뒤 백업을 복원하십시오.',
  databaseMixed:
    '브라우저에 있는 Airlock 데이터베이스 파일이 손상되어 옛 내용이 새 내용을 가립니다. 지금 저장해도 다음에 열 때 사라지므로 아무것도 보관하지 않습니다. 학습과 내려받기는 됩니다. 필요한 것을 이 페이지에서 내려받으십시오. 그런 다음 브라우저 설정(주소 왼쪽 단추, 쿠키 및 사이트 데이터)에서 이 사이트의 데이터를 삭제하고 페이지를 다시 연 뒤 백업을 복원하십시오. 보관된 모델도 함께 삭제됩니다.',
  databaseNotDeleted: ({ reason }) =>
    `브라우저가 Airlock 데이터베이스를 삭제하지도 못합니다(브라우저의 말: "${reason}"). 필요한 것을 이 페이지에서 내려받으십시오. 그런 다음 브라우저 설정(주소 왼쪽 단추, 쿠키 및 사이트 데이터)에서 이 사이트의 데이터를 삭제하고 페이지를 다시 연 뒤 백업을 복원하십시오. 보관된 모델도 함께 삭제됩니다.`,
  noBrowserReason: '브라우저가 이유를 알려 주지 않음',
  doReadPairs: '보관된 선호 쌍 읽기',
  doSavePairs: '선호 쌍 저장',
  doReadHistory: '선호 쌍의 변경 기록 읽기',
  doSaveDatasetName: '데이터셋 이름 저장',
  doDeleteDatasets: '삭제한 데이터셋 정리',
  doReadRuns: '보관된 학습 읽기',
  doReadRun: '보관된 학습 읽기',
  doSaveNotes: ({ name }) => `학습 "${name}"의 메모 저장`,
  doSaveRun: ({ name }) => `학습 "${name}" 저장`,
  doReadMetrics: '학습의 지표 읽기',
  doReadAnswers: '학습의 답변 읽기',
  doReadAdapter: '어댑터 읽기',
  doSaveCheckpoint: ({ name }) => `학습 "${name}"의 체크포인트 저장`,
  doReadCheckpoint: '체크포인트 읽기',
  doDeleteRun: '학습 삭제',
  doReadJudging: '판정 읽기',
  doSaveJudging: '판정 저장',
  doReadPromptSet: '프롬프트 묶음 읽기',
  doSavePromptSet: '프롬프트 묶음 저장',
  doReadDemonstration: '시연 읽기',
  doSaveDemonstration: '시연 저장',
  doReadSweep: '프런티어 읽기',
  doSaveSweep: '프런티어 저장',
  doReadRules: '규칙 읽기',
  doSaveRules: '규칙 저장',
  doReadMadeAnswers: '선호 쌍을 만들 답변 읽기',
  doSaveMadeAnswers: '선호 쌍을 만들 답변 저장',
  doReadLabelReview: '라벨 검토 읽기',
  doSaveLabelReview: '라벨 검토 저장',
  doReadStarterResult: '체험 결과 읽기',
  doSaveStarterResult: '체험 결과 저장',
  doReadSettings: '설정 읽기',
  doSaveSettings: '설정 저장',
  doListSetAside: '따로 둔 기록 나열',
  doReadSetAside: '따로 둔 기록 읽기',
  doDeleteSetAside: '따로 둔 기록 삭제',
  recordDamaged: ({ what }) => `이 브라우저에 보관된 내용이 손상되었습니다(${what}).`,
  recordNewer: ({ what, version, limit }) =>
    `더 새로운 Airlock이 보관한 내용입니다(${what}, 형식 ${version}, 이 Airlock은 ${limit}까지). 더 새로운 Airlock을 여십시오.`,
  aStoredModel: '보관된 모델',
  copiedFileUnreadable: ({ file, reason }) =>
    `${file}을(를) 읽을 수 없습니다(${reason}). 바뀌거나 옮겨지거나 지워졌다면 디렉터리를 다시 고르십시오.`,
  fileNotFetched: ({ file, url, reason }) =>
    `${file}을(를) ${url}에서 가져올 수 없습니다(${reason}). 다시 시도하거나 서버 담당자에게 알리십시오.`,
  serverAnswered: ({ status }) => `서버 응답 ${status}`,
  storageRefused: ({ what }) =>
    `브라우저 저장소가 가득 차 쓰지 못했습니다(${what}). 디스크 공간을 비우거나 필요 없는 모델을 삭제하고 다시 시도하십시오.`,
  browserCouldNotWrite: ({ what, reason }) =>
    `브라우저가 쓰지 못했습니다(${what}: ${reason}). 디스크 공간을 비우고 다시 시도하십시오.`,
  fileAfterBytes: ({ file, all, bytes }) => `${file}, 모델 ${all}바이트 중 ${bytes}바이트 뒤`,
  recordAfterBytes: ({ name, bytes }) => `${name}의 기록, ${bytes}바이트 뒤`,
  fileSizeOther: ({ file, bytes }) =>
    `${file}의 크기가 맞지 않습니다(${bytes}바이트여야 합니다). 모델을 새로 받으십시오.`,
  moreThan: '더 많음',
  bytesAndNot: ({ count }) => `${count}바이트`,
  fileHashOther: ({ file, hash, wanted }) =>
    `${file}의 SHA-256이 ${hash}인데 서버의 목록에는 ${wanted}입니다. 오는 길에 바뀌거나 손상되었습니다. 서버 담당자에게 알리십시오.`,
  modelBeingDeleted: '이 모델은 다른 탭에서 삭제하는 중입니다. 다른 모델을 고르십시오.',
  modelGone: '이 모델이 브라우저에 더 이상 없습니다. 디렉터리를 다시 고르십시오.',
  storedModelDamaged: ({ name, file, problem }) =>
    `보관된 모델 ${name}이(가) 손상되었습니다(${file}: ${problem}). 삭제하고 디렉터리를 다시 고르십시오.`,
  wasAltered: '파일이 복사할 때와 다르며(SHA-256이 다름) 디스크나 다른 프로그램이 바꾼 것입니다',
  isMissing: '없음',
  hasBytesAndNot: ({ wanted, bytes }) => `${wanted}바이트가 아니라 ${bytes}바이트임`,
  modelOpenElsewhere: '이 모델이 다른 탭에서 열려 있습니다. 그 탭을 닫거나 거기서 다른 모델을 연 다음 삭제하십시오.',
  serverListBad: ({ problem }) =>
    `서버의 모델 목록 models/manifest.json에 문제가 있습니다(${problem}). 서버 담당자에게 알리십시오. 디렉터리에서 고른 모델은 그대로 쓸 수 있습니다.`,
  listNotJson: '올바른 JSON이 아님',
  listWithoutModels: '`models` 목록이 없음',
  listFileWithoutPath: ({ model }) => `${model}의 파일에 이름뿐인 \`path\`가 없음`,
  listFileWithoutSize: ({ model, file }) => `${model}/${file}의 \`size\`(바이트)가 없음`,
  listFileHashBad: ({ model, file }) => `${model}/${file}의 \`sha256\`이 16진수 64자리가 아님`,
  listModelWithoutName: ({ number }) => `${number}번째 모델에 폴더 이름인 \`name\`이 없음`,
  listModelWithoutFiles: ({ model }) => `${model}의 \`files\`가 없음`,
};
