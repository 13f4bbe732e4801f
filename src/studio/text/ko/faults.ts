import type { faults as english } from '../en/faults';

export const faults: typeof english = {
  inside: (message) => `Airlock 내부에서 오류가 발생했습니다: ${message}`,
  engineStopped: (reason) => `엔진이 멈췄습니다: ${reason}. 계속하려면 다시 시작하십시오.`,
  workerCrashed: '워커가 비정상 종료되었거나 불러오지 못했습니다',
  engineRestarted: '엔진을 다시 시작했습니다.',
  nothingKept: '이 PC에 아무것도 보관할 수 없습니다. 학습과 내려받기는 됩니다.',
  pairsNotKept: '선호 쌍은 사용할 수 있지만 새로 고치면 사라집니다.',
  mergedTabs: '다른 탭에서 동시에 변경했습니다. 두 탭의 변경 사항을 모두 유지했습니다.',
  adapterNotKept: '어댑터를 지금 내려받으십시오. 이 페이지를 닫으면 사라집니다.',
  noCheckpoint: (run, step) => `실행 ${run}의 ${step}스텝 체크포인트가 이 브라우저에 더 이상 없습니다.`,
  nothingHeldOut:
    '평가용으로 나눈 선호 쌍이 없거나 학습할 쌍이 남지 않았습니다. 비율을 바꾸거나 선호 쌍을 추가하십시오.',
  trainedElsewhere: (run) => `실행 ${run}은(는) 다른 탭에서 학습하는 중입니다. 먼저 그 탭에서 중지하십시오.`,
  noAdapter: (run) => `실행 "${run}"의 어댑터가 저장소에 없습니다.`,
  stoppedTraining: '학습을 중지했습니다.',
  starterFileMissing: (path) =>
    `체험용 파일 ${path}이(가) 서버에 없습니다. Airlock을 설치한 담당자에게 알리십시오. 직접 고른 모델은 그대로 쓸 수 있습니다.`,
  starterNotOpened: '체험용 모델을 열지 못했습니다.',
  fileTooLarge: (file, size, limit) =>
    `${file}의 크기는 ${size}입니다. 한 번에 ${limit}까지 읽을 수 있으니 여러 파일로 나누십시오.`,
  noUsableRow: (file) => `${file}에 쓸 수 있는 행이 없어 아무것도 가져오지 않았습니다.`,
};
