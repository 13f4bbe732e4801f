/** @file Korean for what the device, training and generation say. */
export const work: Readonly<Record<string, string>> = {
  'Stopped by the user.': '사용자가 중지했습니다.',

  // The device.
  'WASM was chosen by hand.': 'WASM을 직접 선택했습니다.',
  'WebGPU was chosen by hand.': 'WebGPU를 직접 선택했습니다.',
  'WebGPU found a graphics adapter.': 'WebGPU가 그래픽 장치를 찾았습니다.',
  'WebGPU is not available in this browser, so the processor does the work.':
    '이 브라우저에서 WebGPU를 쓸 수 없어 프로세서가 계산합니다.',
  'WebGPU found no graphics adapter, so the processor does the work.':
    'WebGPU가 그래픽 장치를 찾지 못해 프로세서가 계산합니다.',
  'The only WebGPU adapter is a software one ({adapter}), slower than WASM, so WASM is used.':
    'WebGPU 장치가 WASM보다 느린 소프트웨어 장치({adapter})뿐이라 WASM을 씁니다.',
  'WebGPU was asked for, but this browser offers no graphics adapter; use WASM, or update the browser and the graphics driver.':
    'WebGPU를 선택했지만 이 브라우저에 그래픽 장치가 없습니다. WASM을 쓰거나 브라우저와 그래픽 드라이버를 업데이트하십시오.',
  'One thread only: the server does not send the COOP and COEP headers that threads need.':
    '서버가 스레드에 필요한 COOP와 COEP 헤더를 보내지 않아 스레드를 하나만 씁니다.',
  'The graphics device was lost ({reason}).': '그래픽 장치와 연결이 끊겼습니다({reason}).',
  'The graphics device was lost ({reason}: {message}); restart the engine, or train on WASM.':
    '그래픽 장치와 연결이 끊겼습니다({reason}: {message}). 엔진을 다시 시작하거나 WASM으로 학습하십시오.',
  '{sentence} Restart the engine to go on.': '{sentence} 계속하려면 엔진을 다시 시작하십시오.',
  "Stage '{stage}' has a {operator} of [{shape}], {bytes} bytes in one GPU buffer, and this device binds {limit}; lower `max_length`, or run on WASM.":
    "'{stage}' 단계의 {operator} [{shape}]에 GPU 버퍼 하나로 {bytes}바이트가 필요한데 이 장치는 {limit}바이트까지 묶을 수 있습니다. `max_length`를 줄이거나 WASM에서 실행하십시오.",
  'A tensor [{shape}] needs {bytes} bytes in one GPU buffer and this device binds {limit}; use a smaller model or WASM.':
    '텐서 [{shape}]에 GPU 버퍼 하나로 {bytes}바이트가 필요한데 이 장치는 {limit}바이트까지 묶을 수 있습니다. 더 작은 모델이나 WASM을 쓰십시오.',
  weights: '가중치',
  'No model is open; choose a model directory first.': '열린 모델이 없습니다. 먼저 모델 디렉터리를 고르십시오.',

  // Answers.
  'The prompt is empty and this tokenizer adds no start token; type a prompt.':
    '프롬프트가 비어 있고 이 토크나이저는 시작 토큰을 붙이지 않습니다. 프롬프트를 입력하십시오.',
  "The prompt has {tokens} tokens and this model's context holds {limit}; shorten it.":
    '프롬프트가 {tokens}토큰인데 이 모델의 컨텍스트는 {limit}토큰입니다. 프롬프트를 줄이십시오.',
  'The model gave a logit that is not a number at token {number} of the answer; the adapter or the weights are damaged.':
    '답변의 {number}번째 토큰에서 모델의 로짓이 숫자가 아닙니다. 어댑터나 가중치가 손상되었습니다.',
  'The prompt is empty and this tokenizer adds no start token, so the first token of an answer follows nothing; type a prompt.':
    '프롬프트가 비어 있고 이 토크나이저는 시작 토큰을 붙이지 않아 답변의 첫 토큰 앞에 아무것도 없습니다. 프롬프트를 입력하십시오.',
  "Prompt and answer have {tokens} tokens and this model's context holds {limit}; shorten the prompt.":
    '프롬프트와 답변이 {tokens}토큰인데 이 모델의 컨텍스트는 {limit}토큰입니다. 프롬프트를 줄이십시오.',

  // Training.
  'Pair {number}: {problem}': '{number}번 쌍: {problem}',
  'Pair {number} has no log-probabilities: {problem}': '{number}번 쌍의 로그 확률을 구할 수 없습니다: {problem}',
  'There are no pairs to train on; import some first.': '학습할 선호 쌍이 없습니다. 먼저 가져오십시오.',
  'There is no pair to train on; add at least one that fits `max_length`.':
    '학습할 선호 쌍이 없습니다. `max_length`에 들어가는 쌍을 하나 이상 추가하십시오.',
  'None of the {count} pairs can be trained on, so there is nothing to probe; see the findings under Data.':
    '{count}쌍 중 학습할 수 있는 것이 없어 시험할 것이 없습니다. 데이터 화면의 검사 결과를 보십시오.',
  'The probe ended before its three steps; start it again.':
    '시험이 세 스텝을 마치지 못하고 끝났습니다. 다시 시작하십시오.',
  'None of the {count} evaluation pairs can be scored; hold out more of the data, or train without evaluation.':
    '평가용 {count}쌍 중 점수를 낼 수 있는 것이 없습니다. 평가용 비율을 늘리거나 평가 없이 학습하십시오.',
  '{left} of {count} evaluation pairs cannot be scored and are left out.':
    '평가용 {count}쌍 중 {left}쌍은 점수를 낼 수 없어 제외했습니다.',
  "`max_length` {length} is more than the model's context; {limit} is used.":
    '`max_length` {length}이(가) 모델의 컨텍스트보다 커서 {limit}을(를) 씁니다.',
  'The {what} became {value} at step {step}; training stopped before it could harm the adapter. Lower `learning_rate` or `max_grad_norm`, and look at the pairs of this step.':
    '{step}스텝에서 {what} 값이 {value}이(가) 되어 어댑터를 해치기 전에 학습을 멈췄습니다. `learning_rate`나 `max_grad_norm`을 낮추고 이 스텝의 선호 쌍을 살펴보십시오.',
  'At step 0 the policy is its own reference, so rewards must be 0{expected}; here the loss is {loss} and a {side} answer has {now} nats under the policy and {then} under the reference. Training was not started, because its device does not compute the two alike: choose the other device.':
    '0스텝에서는 정책이 곧 참조이므로 보상이 0이어야 합니다. 지금은 손실이 {loss}이고 {side} 답변이 정책으로는 {now}나트, 참조로는 {then}나트입니다. 이 장치가 둘을 똑같이 계산하지 않아 학습을 시작하지 않았습니다. 다른 장치를 고르십시오.',
  'The checkpoint has {blocks} blocks of {values} LoRA values; these settings make {wanted} of {size}. Go on with the lora_r and lora_target_modules that it was trained with.':
    '체크포인트에는 LoRA 값 {values}개짜리 블록이 {blocks}개 있는데 이 설정으로는 {size}개짜리 {wanted}개가 됩니다. 학습했던 lora_r와 lora_target_modules로 계속하십시오.',
  '{where} is {value}; it must map keys such as `method` and `learning_rate` to values.':
    '{where}의 내용이 {value}입니다. `method`, `learning_rate` 같은 키와 값이 있어야 합니다.',
  '{where} has the unknown key `{key}`; the nearest known one is `{known}`.':
    '{where}에 알 수 없는 키 `{key}`가 있습니다. 가장 비슷한 키는 `{known}`입니다.',
  '{where}: `{key}` is {value}; {reason}.': '{where}: `{key}` 값이 {value}입니다. {reason}.',
  'it must be one of {values}': '다음 중 하나여야 합니다: {values}',
  'it must be at least {limit}': '{limit} 이상이어야 합니다',
  'it must be at most {limit}': '{limit} 이하여야 합니다',
  'it must be above {limit}': '{limit}보다 커야 합니다',
  'it must be below {limit}': '{limit}보다 작아야 합니다',
  'it must be a whole number': '정수여야 합니다',
  'it must be a list': '목록이어야 합니다',
  'it must be a {kind}': '{kind} 형식이어야 합니다',
};
