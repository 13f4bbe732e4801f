import type { runtime as en } from '../../../../messages/english/runtime';

export const runtime: typeof en = {
  wasmChosen: 'WASM을 직접 선택했습니다.',
  webgpuChosen: 'WebGPU를 직접 선택했습니다.',
  webgpuFound: 'WebGPU가 그래픽 장치를 찾았습니다.',
  webgpuUnavailable: '이 브라우저에서 WebGPU를 쓸 수 없어 프로세서가 계산합니다.',
  webgpuWithoutAdapter: 'WebGPU가 그래픽 장치를 찾지 못해 프로세서가 계산합니다.',
  webgpuIsSoftware: ({ adapter }) => `WebGPU 장치가 WASM보다 느린 소프트웨어 장치(${adapter})뿐이라 WASM을 씁니다.`,
  webgpuMissing:
    'WebGPU를 선택했지만 이 브라우저에 그래픽 장치가 없습니다. WASM을 쓰거나 브라우저와 그래픽 드라이버를 업데이트하십시오.',
  oneThreadOnly: '서버가 스레드에 필요한 COOP와 COEP 헤더를 보내지 않아 스레드를 하나만 씁니다.',
  threads: ({ count }) => `스레드 ${count}개`,
  oneThread: '스레드 1개',
  unnamedGpu: '이름 없는 GPU',
  deviceLost: ({ reason }) => `그래픽 장치와 연결이 끊겼습니다(${reason}).`,
  deviceLostInWork: ({ reason, detail }) => `작업 중에 그래픽 장치와 연결이 끊겼습니다(${reason}: ${detail}).`,
  adapterWithheld:
    '그래픽 장치와 연결이 다시 끊겼고, 지금은 브라우저가 그래픽 장치를 내주지 않습니다. Chrome은 두 번째로 끊기면 드라이버와 상관없이 약 2분 동안 내주지 않습니다. 기다리거나, 그동안 프로세서의 WASM으로 계속하십시오.',
  softwareAdapterLeft:
    '그래픽 장치와 연결이 끊겼고, 지금 브라우저에는 WASM보다 느린 소프트웨어 장치만 남아 있습니다. 브라우저를 닫았다가 다시 열거나 WASM으로 계속하십시오.',
  kernelsWrong: ({ kind, error }) =>
    `이 장치에서 Airlock의 ${kind} 커널이 다른 값을 계산하므로(상대 오차 ${error}) 런타임의 커널을 대신 씁니다. 학습이 느려집니다. 그래픽 드라이버를 업데이트하십시오.`,
  kernelsRefused: ({ kind, refusal }) =>
    `그래픽 드라이버가 Airlock의 ${kind} 커널을 받지 않으므로(${refusal}) 런타임의 커널을 대신 씁니다. 학습이 느려집니다. 그래픽 드라이버를 업데이트하십시오.`,
  attentionWrong: ({ operator, seen }) =>
    `런타임의 ${operator} 연산이 이 장치에서 올바르게 계산되지 않아(${seen}) 일반 행렬 곱을 대신 씁니다. 답변 생성이 느려집니다. 그래픽 드라이버를 업데이트하십시오.`,
  outOfMemory:
    '메모리가 모자랍니다. `max_length`나 배치당 선호 쌍 수를 줄이거나, 그래디언트 체크포인팅을 켜거나, 가중치의 정밀도를 낮추십시오. 다른 탭과 프로그램도 메모리를 씁니다. 모자란 메모리는 돌아오지 않으니 그다음 엔진을 다시 시작하십시오.',
  stageNotCompiled: ({ stage, device }) =>
    `런타임이 모델의 한 부분(${stage})을 ${device}에서 준비하지 못했습니다. 다른 장치에서 실행하고, 거기서도 실패하면 자세한 내용을 Airlock 담당자에게 보내십시오.`,
  stageFailed: ({ stage, device }) =>
    `런타임이 ${device}에서 모델의 한 부분(${stage})을 계산하다 실패했습니다. 엔진을 다시 시작해 계속하거나 다른 장치에서 실행하십시오. 또 실패하면 자세한 내용을 Airlock 담당자에게 보내십시오.`,
  gpuError:
    '그래픽 장치가 오류를 알려 왔으므로 계산한 값을 쓰지 않습니다. 엔진을 다시 시작해 계속하거나 WASM에서 실행하십시오. 또 생기면 그래픽 드라이버를 업데이트하십시오.',
  runDoesNotFit: ({ tokens, needed, granted }) =>
    `가장 긴 선호 쌍은 ${tokens}토큰이고 한 스텝에 ${needed}이(가) 필요한데 이 장치는 ${granted}까지 쓸 수 있어 학습을 시작하지 않았습니다. 긴 쌍이 잘리거나 빠지도록 \`max_length\`를 줄이거나, 그래디언트 체크포인팅을 켜거나, 가중치의 정밀도를 낮추십시오.`,
  noReasonGiven: '이유가 주어지지 않음',
  outputTooLarge: ({ stage, operator, shape, bytes, limit }) =>
    `'${stage}' 단계의 ${operator} [${shape}]에 GPU 버퍼 하나로 ${bytes}바이트가 필요한데 이 장치는 ${limit}바이트까지 묶을 수 있습니다. \`max_length\`를 줄이거나 WASM에서 실행하십시오.`,
  tensorBeyondBinding: ({ shape, bytes, limit }) =>
    `텐서 [${shape}]에 GPU 버퍼 하나로 ${bytes}바이트가 필요한데 이 장치는 ${limit}바이트까지 묶을 수 있습니다. 더 작은 모델이나 WASM을 쓰십시오.`,
};
