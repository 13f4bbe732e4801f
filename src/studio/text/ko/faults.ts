import type { faults as english } from '../en/faults';

export const faults: typeof english = {
  inside: (message) => `Airlock 내부에서 오류가 발생했습니다: ${message}`,
  screen: '이 화면을 그리지 못했습니다',
  screenWaysOn:
    '이 브라우저에 보관된 것은 그대로이고, 진행 중인 작업은 계속되며, 다른 화면은 쓸 수 있습니다. 화면을 다시 그리거나 다른 화면으로 가십시오. 계속 이러면 자세한 내용을 Airlock 담당자에게 보내십시오.',
  drawAgain: '다시 그리기',
  toFirst: '모델 화면으로',
  nothingKept: '이 PC에 아무것도 보관할 수 없습니다. 학습과 내려받기는 됩니다.',
  pairsNotKept: '선호 쌍은 사용할 수 있지만 새로 고치면 사라집니다.',
  judgedElsewhere: '같은 순간에 다른 탭에서 판정하거나 되돌렸습니다. 그쪽 판정이 유지되며 이 판정은 세지 않았습니다.',
  allWritten: '앞서 저장하지 못한 내용을 이제 모두 디스크에 저장했습니다.',
  storageCleared:
    '이 페이지가 열려 있는 동안 브라우저에 저장된 Airlock 데이터가 지워졌습니다. 이 페이지에 있는 내용은 다시 저장합니다. 저장소에만 있던 모델, 체크포인트, 어댑터는 남아 있지 않습니다.',
  writtenAnew: '이 페이지에 있던 내용을 브라우저 저장소에 다시 저장했습니다.',
  mergedTabs: '다른 탭에서 동시에 변경했습니다. 두 탭의 변경 사항을 모두 유지했습니다.',
  adapterNotKept: '어댑터를 지금 내려받으십시오. 이 페이지를 닫으면 사라집니다.',
  stoppedTraining: '학습을 중지했습니다.',
  fileTooLarge: (file, size, limit) =>
    `${file}의 크기는 ${size}입니다. 한 번에 ${limit}까지 읽을 수 있으니 여러 파일로 나누십시오.`,
  noUsableRow: (file) => `${file}에 쓸 수 있는 행이 없어 아무것도 가져오지 않았습니다.`,
};
