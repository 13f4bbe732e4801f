import type { formats as en } from '../../../../messages/english/formats';

export const formats: typeof en = {
  fileUnreadable: ({ file, reason }) =>
    `${file}을(를) 읽을 수 없습니다(${reason}). 고른 뒤에 바뀌거나 옮겨지거나 지워졌다면 다시 고르십시오.`,
  textFileTooLarge: ({ file, bytes, limit }) =>
    `${file}의 크기가 ${bytes}바이트입니다. 텍스트 파일은 ${limit}바이트까지입니다. 맞는 파일인지 확인하십시오.`,
  notUtf8: ({ file }) => `${file}은(는) UTF-8 텍스트가 아닙니다. UTF-8로 저장하거나 맞는 파일인지 확인하십시오.`,
  notJson: ({ file, reason }) => `${file}은(는) 올바른 JSON이 아닙니다: ${reason}. 고치거나 파일을 새로 받으십시오.`,
  jsonTooDeep: ({ file, limit }) => `${file}의 중첩이 ${limit}단계를 넘습니다. 파일을 새로 받으십시오.`,
  jsonTooManyMembers: ({ file, count, limit }) =>
    `${file}에 객체 항목이 ${count}개 있습니다. 알려진 가장 큰 토크나이저의 세 배인 ${limit}개까지 읽습니다. 파일을 다시 받으십시오.`,
  notJsonObject: ({ file, value }) =>
    `${file}의 내용이 ${value}입니다. JSON 객체({...})여야 합니다. 맞는 파일인지 확인하십시오.`,
  fileMissing: ({ name, file, hint, found }) => `${name}에 ${file} 파일이 없습니다. ${hint} ${found}`,
  folderHolds: ({ files }) => `들어 있는 것: ${files}.`,
  noFileAtAll: '파일 없음',
  filesAndMore: ({ files, count }) => `${files} 외 ${count}개`,
  folderIsAt: ({ place }) => `${place}에 있으니 그 폴더를 고르십시오.`,
  chooseCheckpointFolder: '체크포인트 폴더(config.json, tokenizer.json, model.safetensors)를 고르십시오.',
  chooseAdapterFolder: '어댑터 폴더를 고르십시오.',
  fileHoldsWeights: '가중치가 든 파일입니다.',
  fileMakesTokens: '텍스트를 토큰으로 바꾸는 데 필요합니다.',
  onlyOlderTokenizer: ({ file }) =>
    `옛 형식인 ${file}만 있습니다. transformers의 AutoTokenizer로 토크나이저를 불러와 save_pretrained를 호출하십시오.`,
  weightsInOneOrParts: 'Airlock은 이 파일이나 번호가 붙은 조각에서 가중치를 읽습니다.',
  fileIsNamedPart: ({ file }) => `${file}에 가중치의 한 조각으로 적혀 있습니다. 추가하십시오.`,
  weightMapMissing: ({ file }) => `${file}에 \`weight_map\` 객체가 없습니다. 파일을 새로 받으십시오.`,
  shardNameBad: ({ file, tensor, part }) =>
    `${file}은(는) 텐서 ${tensor}이(가) ${part}에 있다고 합니다. 같은 폴더의 .safetensors 파일 이름이어야 합니다. 인덱스를 새로 받으십시오.`,
  shardLacksTensor: ({ file, tensor, part }) =>
    `${file}은(는) 텐서 ${tensor}이(가) ${part}에 있다고 하지만 거기에 없습니다. 서로 다른 때 받은 파일일 수 있으니 모두 새로 받으십시오.`,
  weightsOfOtherFormat: ({ name, file, wanted }) =>
    `${name}의 가중치가 ${file}에 있습니다. Airlock은 ${wanted}을(를) 읽습니다. Python이 있는 곳에서 transformers로 불러와 save_pretrained를 호출해 변환하십시오.`,
  checkpointQuantised: ({ name, method }) =>
    `${name}은(는) 양자화되어 있습니다(config.json의 quantization_config: ${method}). Airlock은 F32, F16, BF16 가중치를 읽습니다. 양자화하기 전의 체크포인트를 고르십시오.`,
  checkpointOfMlx: ({ name, bits }) =>
    `${name}은(는) ${bits}비트로 양자화된 MLX 체크포인트입니다. Airlock은 F32, F16, BF16 가중치를 읽습니다. 양자화하기 전의 체크포인트를 고르거나 Mac에서 mlx_lm.convert --dequantize로 되돌리십시오.`,
  quantisationLeftOver: ({ method, dtypes }) =>
    `config.json에 quantization_config(${method})가 있지만 가중치는 보통의 수(${dtypes})이므로 그대로 씁니다. transformers는 이 폴더를 불러올 때 양자화하므로, 같은 모델을 쓰려면 quantization_config를 지우십시오.`,
  safetensorsBroken: ({ file, reason }) =>
    `${file}은(는) 올바른 safetensors 파일이 아닙니다: ${reason}. 내려받기나 복사가 덜 되었을 수 있으니 새로 받으십시오.`,
  headerCut: ({ bytes }) => `크기가 ${bytes}바이트라 헤더 길이 8바이트보다 작음`,
  headerLengthHuge: ({ bytes, limit }) => `헤더 길이가 ${bytes}바이트로 적혀 있는데 ${limit}바이트까지만 됨`,
  headerBeyondFile: ({ bytes, all }) => `헤더가 ${bytes}바이트여야 하는데 파일 전체가 ${all}바이트뿐임`,
  headerNotUtf8: '헤더가 UTF-8 텍스트가 아님',
  headerNotJson: ({ reason }) => `헤더가 올바른 JSON이 아님(${reason})`,
  headerNotObject: '헤더가 JSON 객체가 아님',
  metadataNotObject: '`__metadata__`가 JSON 객체가 아님',
  metadataNotText: ({ key }) => `메타데이터 ${key}이(가) 텍스트가 아님`,
  tensorFault: ({ tensor, fault }) => `텐서 ${tensor}: ${fault}`,
  entryNotObject: 'JSON 객체로 적혀 있지 않음',
  dtypeMissing: 'dtype이 없음',
  dtypeUnknown: ({ dtype }) => `알 수 없는 dtype ${dtype}`,
  shapeFault: ({ fault }) => `모양이 잘못됨(${fault})`,
  offsetsFault: ({ fault }) => `data_offsets가 잘못됨(${fault})`,
  offsetsCount: ({ count }) => `data_offsets가 ${count}개인데 둘이어야 함`,
  sizesMissing: '없거나 목록이 아님',
  sizeNotInteger: ({ value }) => `${value}은(는) 2^53까지의 정수가 아님`,
  sizeNotNumber: ({ value }) => `${value}은(는) 숫자가 아님`,
  sizeNegative: ({ value }) => `${value}은(는) 음수임`,
  tensorTooLarge: ({ shape }) => `모양 [${shape}]의 원소가 너무 많음`,
  tensorOddBits: ({ bits, dtype, shape }) => `${bits}비트(${dtype}, 모양 [${shape}])라 바이트 단위가 아님`,
  tensorSpanWrong: ({ begin, end, dtype, shape, bytes }) =>
    `${begin}바이트부터 ${end}바이트까지인데 ${dtype} [${shape}]은(는) ${bytes}바이트임`,
  tensorHole: ({ wanted, begin }) => `앞이 비어 있음(${wanted}바이트가 아니라 ${begin}바이트에서 시작함)`,
  tensorOverlap: ({ wanted, begin }) => `앞의 텐서와 겹침(${wanted}바이트가 아니라 ${begin}바이트에서 시작함)`,
  dataEndsWrong: ({ end, bytes }) => `텐서는 ${end}바이트에서 끝나는데 파일은 ${bytes}바이트임`,
  tensorDtypeUnread: ({ file, tensor, dtype }) =>
    `${file}의 텐서 ${tensor}이(가) ${dtype}로 저장되어 있습니다. Airlock은 F32, F16, BF16을 읽습니다. 양자화하지 말고 그중 하나로 모델을 저장하십시오.`,
  theAdapter: '어댑터',
  ancestorsBad: ({ file, key, limit }) =>
    `${file}의 메타데이터 \`${key}\`가 이름 ${limit}개 이하의 목록이 아닙니다. 새로 받으십시오.`,
  metadataValueUnknown: ({ file, key, value, values }) =>
    `${file}의 메타데이터 \`${key}\` 값이 ${value}입니다. 쓸 수 있는 값: ${values}.`,
  loraOptionUnsupported: ({ file, key, value, reason }) =>
    `${file}의 \`${key}\` 값 ${value}을(를) Airlock이 지원하지 않습니다(${reason}). 일반 LoRA로 어댑터를 학습하거나, PEFT로 베이스 모델에 합친 결과를 여십시오.`,
  useDora: 'DoRA는 모든 출력에 학습된 크기를 곱함',
  useQalora: 'QALoRA는 입력을 묶음',
  useBdlora: '블록 대각 LoRA는 곱이 다름',
  modulesToSave: '베이스 모델의 모듈을 통째로 바꿈',
  patternUnread: 'Python에서만 읽을 수 있는 정규식임',
  layerReplication: '베이스 모델의 레이어를 되풀이함',
  trainableTokens: '임베딩의 행을 바꿈',
  targetParameters: '선형 레이어가 아닌 파라미터에 어댑터를 붙임',
  loraBias: 'lora_B에 편향을 더함',
  activatedLora: '활성화 LoRA는 글의 일부에만 쓰임',
  arrowConfig: '여러 어댑터 사이를 오감',
  kasaConfig: 'KaSA는 베이스 가중치를 바꿈',
  monteCloraConfig: 'MonteCLoRA는 가중치를 뽑아 씀',
  veloraConfig: 'VeLoRA는 입력을 다르게 보관함',
  megatronConfig: 'Megatron은 레이어를 나눔',
  replacesBiases: '베이스 모델의 편향을 바꿈',
  rewritesBase: '고쳐 쓴 베이스 가중치에서 시작함',
  notCausalLm: '텍스트 생성 모델("CAUSAL_LM")이나 보상 모델("SEQ_CLS")의 어댑터가 아님',
  peftTypeOther: ({ file, type }) => `${file}의 peft_type이 ${type}입니다. Airlock은 LoRA 어댑터("LORA")를 읽습니다.`,
  rankBad: ({ file, value }) => `${file}의 랭크 \`r\` 값이 ${value}입니다. 0보다 큰 정수여야 합니다.`,
  patternValueBad: ({ file, key, pattern, value }) =>
    `${file}의 \`${key}\`에서 ${pattern} 값이 ${value}입니다. 숫자여야 하며, 랭크는 0보다 큰 정수여야 합니다.`,
  alphaBad: ({ file, value }) => `${file}의 \`lora_alpha\` 값이 ${value}입니다. 숫자여야 합니다.`,
  tensorNotLora: ({ file, tensor }) =>
    `${file}에 일반 LoRA에 없는 텐서 ${tensor}이(가) 있습니다(base_model.model.<module>.lora_A.weight와 .lora_B.weight만 됩니다). 선형 레이어만 대상으로 어댑터를 학습하십시오.`,
  tensorOfFile: ({ file, tensor }) => `${file}의 텐서 ${tensor}`,
  scoreShapeBad: ({ tensor, shape }) =>
    `${tensor}의 모양이 [${shape}]입니다. 보상 모델의 점수 헤드는 한 행(num_labels = 1)이어야 합니다.`,
  scoreMissing: ({ file, tensor }) =>
    `시퀀스 분류 모델의 어댑터인데 ${file}에 점수 헤드인 ${tensor}이(가) 없습니다. \`modules_to_save: ["score"]\`로 학습하십시오.`,
  loraShapeBad: ({ tensor, shape }) =>
    `${tensor}의 모양이 [${shape}]입니다. LoRA 행렬에는 0보다 큰 크기가 둘 있어야 합니다.`,
  loraRankOther: ({ file, r, tensor, rank, rows, columns }) =>
    `${file}에는 r = ${r}이라고 적혀 있는데 ${tensor}의 랭크는 ${rank}입니다(모양 [${rows}, ${columns}]). 서로 다른 어댑터의 파일일 수 있습니다.`,
  weightNotFinite: ({ tensor, place, value }) =>
    `${tensor}의 ${place} 값이 ${value}입니다. 모든 가중치는 유한한 수여야 합니다. 학습이 발산한 것이니 이전 어댑터를 쓰십시오.`,
  loraHalfMissing: ({ file, module, half }) =>
    `${file}에 ${module}의 lora_${half}가 없고 나머지 절반만 있습니다. 새로 받으십시오.`,
  noLoraTensor: ({ file }) => `${file}에 LoRA 텐서가 없습니다. 맞는 파일인지 확인하십시오.`,
  targetModulesMissing: ({ file }) =>
    `${file}에 \`target_modules\` 목록이 없습니다. ["q_proj", "v_proj"]처럼 어댑터가 붙은 레이어의 이름이 있어야 합니다.`,
  moduleNotTargeted: ({ file, module, config, targets }) =>
    `${file}은(는) ${module}에 어댑터를 붙이는데 ${config}의 \`target_modules\`(${targets})에 그 이름이 없습니다. 서로 다른 어댑터의 파일일 수 있습니다.`,
  adapterLayersBad: ({ file, value }) =>
    `${file}의 \`layers_to_transform\` 값이 ${value}입니다. 층 번호이거나 그 목록이어야 합니다.`,
  adapterOfMlx: ({ file }) =>
    `MLX 어댑터입니다(${file}). Airlock은 PEFT 어댑터(adapter_model.safetensors)를 읽습니다. Mac에서 mlx_lm.fuse --dequantize로 기본 모델에 합쳐 그 결과를 열거나 PEFT로 학습하십시오.`,
  adapterIsPickle: ({ file }) =>
    `어댑터의 가중치가 코드를 실행할 수 있는 피클인 adapter_model.bin에 있습니다. Airlock은 ${file}을(를) 읽습니다. PEFT로 불러와 save_pretrained를 호출하십시오.`,
};
