import type { worker as en } from '../../../../messages/english/worker';

export const worker: typeof en = {
  noModelOpen: '열린 모델이 없습니다. 먼저 모델 디렉터리를 고르십시오.',
  deviceHasToWait: '열린 모델이 학습하거나 답변하는 중이라 기다려야 합니다: 다른 장치. 먼저 중지하십시오.',
  modelHasToWait: '열린 모델이 학습하거나 답변하는 중이라 기다려야 합니다: 다른 모델. 먼저 중지하십시오.',
  templateHasToWait: '열린 모델이 학습하거나 답변하는 중이라 기다려야 합니다: 다른 템플릿. 먼저 중지하십시오.',
};
