import type { worker as en } from '../../../../messages/english/worker';

export const worker: typeof en = {
  noModelOpen: '열린 모델이 없습니다. 먼저 모델 디렉터리를 고르십시오.',
  deviceHasToWait: '열린 모델이 학습하거나 답변하는 중이라 기다려야 합니다: 다른 장치. 먼저 중지하십시오.',
  modelHasToWait: '열린 모델이 학습하거나 답변하는 중이라 기다려야 합니다: 다른 모델. 먼저 중지하십시오.',
  exportDiskFull: ({ file }) =>
    `디스크나 브라우저가 쓸 수 있는 공간이 가득 차서 ${file} 파일을 쓰지 못했습니다. 공간을 비우거나 다른 폴더를 고르십시오. 내보내던 것은 남기지 않았습니다.`,
  exportNotWritten: ({ file, reason }) =>
    `${file} 파일을 쓰지 못했습니다(${reason}). 다른 폴더를 고르십시오. 내보내던 것은 남기지 않았습니다.`,
  exportLeft: ({ problem, name }) =>
    `${problem} 쓰다 만 것을 지우지도 못했으니 ${name} 폴더를 직접 삭제하십시오. 그 폴더에는 완성된 폴더에만 있는 SHA256SUMS가 없습니다.`,
  exportNameTaken: ({ name, folder }) =>
    `${folder} 폴더에 이름이 ${name}인 폴더가 너무 많습니다. 다른 이름을 쓰십시오.`,
  exportZipTooLarge: ({ bytes }) =>
    `ZIP 파일 하나에는 4 GB까지만 담을 수 있는데 이 파일들은 ${(bytes / 1e9).toFixed(1)} GB입니다. 폴더에 쓰십시오.`,
  templateHasToWait: '열린 모델이 학습하거나 답변하는 중이라 기다려야 합니다: 다른 템플릿. 먼저 중지하십시오.',
};
