import type { recovery as english } from '../en/recovery';

export const recovery: typeof english = {
  restarted: '엔진을 자동으로 다시 시작했습니다.',
  goesOn: (run) => `엔진을 자동으로 다시 시작했고, ${run}을(를) 마지막 체크포인트부터 이어서 학습합니다.`,
  retryAt: (time) => `${time}에 그래픽 장치를 다시 시도합니다.`,
  useWasm: 'WASM으로 계속',
  silent: (seconds) =>
    `엔진이 ${seconds}초 동안 응답하지 않습니다. 오래 걸리는 작업 하나를 하는 중이라면 이 알림은 저절로 사라지고, 아니면 멈춘 것입니다. 다시 시작하면 하던 작업이 끝나며, 학습은 마지막 체크포인트부터 이어서 할 수 있습니다.`,
};
