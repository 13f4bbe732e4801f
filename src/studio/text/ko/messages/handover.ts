import type { handover as en } from '../../../../messages/english/handover';

export const handover: typeof en = {
  valueHeadBeside: ({ file }) =>
    `${file}은(는) PPO가 보상을 미리 짐작하는 헤드입니다. 서버는 읽지 않으며, 다른 곳에서 PPO를 그 자리부터 이어 갈 수 있도록 함께 나갑니다.`,
  ggufBeyondFloat16: ({ tensor, value }) =>
    `${tensor}의 어댑터에 ${value} 값이 있습니다. float16에는 65,504까지만 담을 수 있으니 float32로 쓰십시오.`,
  moduleWithoutGgufName: ({ module, modelType }) =>
    `llama.cpp에는 ${modelType}의 모듈 ${module}에 해당하는 이름이 없어 GGUF 어댑터를 만들 수 없습니다. 병합된 체크포인트로 내보내십시오.`,
  modelTypeWithoutGguf: ({ modelType, modelTypes }) =>
    `GGUF 어댑터는 ${modelTypes} 모델에만 만들 수 있습니다. 이 모델은 ${modelType}입니다. 병합된 체크포인트로 내보내십시오.`,
  modelTypeWithoutMlx: ({ modelType, modelTypes }) =>
    `mlx-lm 어댑터는 ${modelTypes} 모델에만 만들 수 있습니다. 이 모델은 ${modelType}입니다. 병합된 체크포인트로 내보내십시오.`,
  ggufNoRopePattern: ({ layer }) =>
    `${layer}번 층의 회전 위치(RoPE)가 llama.cpp의 SmolLM3와 다릅니다. llama.cpp는 네 번째 층마다 RoPE를 빼도록 고정되어 있고 \`no_rope_layers\`를 읽지 않아 스튜디오와 답이 달라집니다. vLLM이나 transformers로 서비스하십시오.`,
  mergedBeyondDtype: ({ tensor, value, dtype }) =>
    `병합하면 ${tensor}에 ${value} 값이 생기는데 ${dtype}에는 담을 수 없습니다. 병합 체크포인트의 형식으로 float32나 bfloat16을 고르십시오.`,
  nothingToMerge: ({ name }) => `${name}에 가중치가 든 safetensors 파일이 없습니다. 체크포인트 폴더를 고르십시오.`,
  contractRank: ({ rank, limit }) => `어댑터의 랭크가 ${rank}입니다. 서버는 ${limit}까지 받습니다.`,
  contractRaiseRank: ({ rank }) => `서버를 --max-lora-rank ${rank} 옵션으로 시작하십시오.`,
  contractOption: ({ key, value }) => `adapter_config.json에 "${key}": ${value} 항목이 있습니다.`,
  contractAlpha: 'adapter_config.json에 lora_alpha를 적으십시오. 없으면 변화량의 배율을 알 수 없습니다.',
  contractAlphaWhole:
    'vLLM과 SGLang은 정수를 요구합니다. lora_alpha를 정수로 하여 Airlock에서 다시 내보내거나 병합된 체크포인트로 내보내십시오.',
  contractFamily: ({ family }) => `베이스 모델이 ${family} 계열입니다. vLLM은 이 계열의 LoRA를 지원하지 않습니다.`,
  contractMerge: '병합된 체크포인트로 내보내십시오: `airlock export --format merged`.',
  contractMergeElsewhere:
    '만든 곳에서 병합하여(PEFT: merge_and_unload) 병합된 모델을 서비스하거나, 이 옵션 없이 학습하십시오.',
  contractFold: 'Airlock에서 이 어댑터를 열어 다시 내보내십시오. 배율이 행렬에 반영됩니다.',
  contractPeftFiles: '이 파일은 PEFT 형식입니다. llama.cpp는 GGUF 어댑터를 읽습니다.',
  contractAsGguf: 'llama.cpp용으로 내보내십시오: `airlock export --format gguf`.',
  contractNoAdapters: 'Ollama는 0.34부터 어댑터를 받지 않습니다.',
  contractTargetsList: '서버는 이름의 목록을 요구합니다. Airlock에서 이 어댑터를 열어 다시 내보내십시오.',
  contractTable: ({ tensor }) =>
    `파일에 임베딩이나 출력층의 ${tensor} 텐서가 있습니다. 서버는 이것을 적용하지 않습니다.`,
  contractNotFinite: '어댑터의 가중치에 무한대나 숫자가 아닌 값이 있어 모든 답이 망가집니다.',
  contractTrainAgain: '이전 체크포인트에서 더 낮은 학습률로 이어서 학습하십시오.',
  contractLarge: ({ value }) => `가장 큰 가중치가 ${value}입니다. float16에는 65,504까지만 담을 수 있습니다.`,
  contractServeBfloat16: '서버를 --dtype bfloat16 또는 float32로 시작하십시오.',
  contractLocalPath: ({ value }) =>
    `adapter_config.json이 베이스 모델을 이 PC의 경로(${value})로 가리킵니다. 서버에는 없는 경로입니다.`,
  contractExportAgain: 'Airlock에서 다시 내보내거나 base_model_name_or_path에 베이스 모델의 이름을 적으십시오.',
  contractBaseUnnamed: '어댑터에 어느 베이스 모델의 것인지 알려 주는 해시가 없습니다.',
  contractCheckCanaries:
    '서버의 베이스 모델이 학습한 모델과 같은지 확인하십시오. 내보낸 폴더의 check_server.py로 알 수 있습니다.',
  mergeRounded: ({ percent, count }) =>
    `어댑터가 바꾸는 가중치 ${count}개 가운데 ${percent}%는 반올림으로 베이스 모델과 같은 값이 되었습니다. float32로 쓰면 반올림하지 않습니다.`,
  ggufDtypeOther: 'GGUF 어댑터는 float32나 float16으로 씁니다. --dtype을 빼거나 둘 중 하나를 고르십시오.',
  rewardOnlyPeft: ({ format }) =>
    `이 어댑터는 보상 모델인데 ${format} 형식에는 점수 헤드를 둘 자리가 없습니다. peft로 넘기십시오.`,
  rewardWithoutCanaries: '보상 모델은 답변을 쓰지 않으므로 서버를 확인할 카나리아를 함께 넣지 않습니다.',
  adapterDtypeFixed: ({ format }) => `${format} 형식의 어댑터는 학습한 그대로 float32로 씁니다. --dtype을 빼십시오.`,
  noCanaries:
    '카나리아로 쓸 시퀀스를 만들 수 없습니다. 문맥 길이가 프롬프트와 답을 담기에 짧거나 토큰으로 바꿀 수 있는 쌍이 없습니다. 카나리아 없이 내보내거나 다른 쌍을 고르십시오.',
  signingKeyUnreadable: ({ path, reason }) =>
    `${path}은(는) PEM 형식의 개인 키로 읽을 수 없습니다(${reason}). 암호 없이 새로 만드십시오: \`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem\`.`,
  signingKeyOther: ({ path, kind }) =>
    `${path}의 키는 ${kind}입니다. 모델 서명에는 P-256 곡선의 ECDSA 키가 필요합니다. 새로 만드십시오: \`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem\`.`,
  signatureMeans:
    '이 서명은 그 뒤로 파일이 바뀌지 않았고 예전과 같은 키로 서명했음을 보여 줍니다. 누구의 키인지는 보여 주지 않으므로, 지문은 다른 경로로 관리자에게 전하십시오.',
  canariesMade: ({ count, difference }) =>
    `canaries.json에 카나리아 ${count}개가 들어 있습니다. 베이스 모델과 어댑터의 차이는 토큰당 ${difference} nat입니다. 서버에서 \`python3 check_server.py http://주소:포트\`를 실행하십시오.`,
  canariesTooAlike:
    '이 카나리아에서는 베이스 모델과 어댑터의 차이가 서버의 반올림 오차보다 작아 어느 쪽이 답하는지 가릴 수 없습니다. 학습에 쓴 쌍에서 카나리아를 만드십시오.',
  mergeMoved: ({ mean, largest, tokens }) =>
    `병합하고 반올림한 뒤 토큰의 로그 확률은 어댑터와 평균 ${mean}, 최대 ${largest} nat 차이 납니다(카나리아 토큰 ${tokens}개 기준).`,
  mergeMoveHeldIn: ({ precision }) =>
    `병합으로 로그 확률이 얼마나 달라졌는지는 알 수 없습니다. 베이스 모델이 여기서는 ${precision}로 올라와 있어 그 자체의 반올림까지 재게 됩니다. 베이스 모델을 float32로 열거나 명령줄에서 내보내십시오.`,
  mergeMoveOtherDtype: ({ dtype }) =>
    `병합으로 로그 확률이 얼마나 달라졌는지는 알 수 없습니다. 토큰 표를 비롯한 모든 가중치가 ${dtype}로 바뀌는데, 표가 너무 커서 메모리에 두 벌 둘 수 없습니다. 베이스 모델의 형식을 그대로 두거나, 이를 재는 명령줄에서 내보내십시오.`,
  leaksRecited: ({ adapter, base, asked }) =>
    `학습 답변 ${asked}개의 첫머리를 주었더니 어댑터는 ${adapter}개, 베이스 모델은 ${base}개를 글자 그대로 이어 갔습니다.`,
  leaksFound: ({ kinds, searched }) =>
    `쌍 ${searched}개에서 형식으로 찾은 것: ${kinds}. 어댑터가 이를 학습했을 수 있습니다.`,
  leaksNone: ({ searched }) =>
    `쌍 ${searched}개에 비밀 값이나 개인정보의 형식을 띤 것이 없습니다. 이름과 주소는 형식이 없어 찾지 못합니다.`,
  bundleWithoutRun: ({ path }) =>
    `번들은 실행을 재현하는 것인데 ${path}에는 어떤 실행인지 적혀 있지 않습니다. \`airlock train\`의 run.json이 없으니 --data와 --config로 알려 주십시오.`,
  bundleDataChanged: ({ path }) =>
    `${path}은(는) 이 실행이 학습한 파일과 다릅니다(해시가 다름). 예전 파일을 되돌려 놓거나 --data로 지정하십시오.`,
  runFileBad: ({ path, key }) =>
    `${path}이(가) \`airlock train\`이 쓴 형식이 아닙니다("${key}"). 대신 --data와 --config로 알려 주십시오.`,
  bundleWithoutPairs:
    '번들은 실행을 그 쌍과 함께 재현하는데, 이 실행의 쌍은 더 이상 보관되어 있지 않습니다. 어댑터 자체를 넘기십시오.',
};
