/** @file Korean for what the readers of checkpoints, adapters, tokenizers and chat templates say. */
export const model: Readonly<Record<string, string>> = {
  // Files.
  '{file} could not be read ({reason}). If it was changed, moved or removed after it was chosen, choose it again.':
    '{file}을(를) 읽을 수 없습니다({reason}). 고른 뒤에 바뀌거나 옮겨지거나 지워졌다면 다시 고르십시오.',
  '{file} has {bytes} bytes; a text file may have at most {limit}. Check that it is the right file.':
    '{file}의 크기가 {bytes}바이트입니다. 텍스트 파일은 {limit}바이트까지입니다. 맞는 파일인지 확인하십시오.',
  '{file} is not UTF-8 text. Save it as UTF-8, or check that it is the right file.':
    '{file}은(는) UTF-8 텍스트가 아닙니다. UTF-8로 저장하거나 맞는 파일인지 확인하십시오.',
  '{file} is not valid JSON: {reason}. Correct it or take a fresh copy of the file.':
    '{file}은(는) 올바른 JSON이 아닙니다: {reason}. 고치거나 파일을 새로 받으십시오.',
  '{file} has more than {limit} levels of nesting; take a fresh copy of the file.':
    '{file}의 중첩이 {limit}단계를 넘습니다. 파일을 새로 받으십시오.',
  '{file} holds {value}; it should hold a JSON object ({...}). Check that it is the right file.':
    '{file}의 내용이 {value}입니다. JSON 객체({...})여야 합니다. 맞는 파일인지 확인하십시오.',
  '{name} has no {file}; {hint and place}': '{name}에 {file} 파일이 없습니다. {hint and place}',
  'It holds {files}.': '들어 있는 것: {files}.',
  'no file at all': '파일 없음',
  '{files} and {count} more': '{files} 외 {count}개',
  'There is one at {place}: choose that folder.': '{place}에 있으니 그 폴더를 고르십시오.',
  "choose the checkpoint's own folder (config.json, tokenizer.json, model.safetensors).":
    '체크포인트 폴더(config.json, tokenizer.json, model.safetensors)를 고르십시오.',
  "choose the adapter's own folder.": '어댑터 폴더를 고르십시오.',
  'it holds the weights.': '가중치가 든 파일입니다.',
  'it is needed to turn text into tokens.': '텍스트를 토큰으로 바꾸는 데 필요합니다.',
  "only the older {file} is there. Load the tokenizer with transformers' AutoTokenizer and call save_pretrained.":
    '옛 형식인 {file}만 있습니다. transformers의 AutoTokenizer로 토크나이저를 불러와 save_pretrained를 호출하십시오.',
  'Airlock reads weights from that file or from its numbered parts.':
    'Airlock은 이 파일이나 번호가 붙은 조각에서 가중치를 읽습니다.',
  '{file} names it as a part of the weights. Add it.': '{file}에 가중치의 한 조각으로 적혀 있습니다. 추가하십시오.',
  '{file} has no `weight_map` object; take a fresh copy of the file.':
    '{file}에 `weight_map` 객체가 없습니다. 파일을 새로 받으십시오.',
  '{file} places the tensor {tensor} in {part}; it must be the name of a .safetensors file in the same folder. Take a fresh copy of the index.':
    '{file}은(는) 텐서 {tensor}이(가) {part}에 있다고 합니다. 같은 폴더의 .safetensors 파일 이름이어야 합니다. 인덱스를 새로 받으십시오.',
  '{file} places the tensor {tensor} in {part}, which does not hold it. The files may come from different downloads; take a fresh copy of all of them.':
    '{file}은(는) 텐서 {tensor}이(가) {part}에 있다고 하지만 거기에 없습니다. 서로 다른 때 받은 파일일 수 있으니 모두 새로 받으십시오.',
  '{name} has its weights in {file}; Airlock reads {wanted}. Convert it where Python is at hand: load it with transformers and call save_pretrained.':
    '{name}의 가중치가 {file}에 있습니다. Airlock은 {wanted}을(를) 읽습니다. Python이 있는 곳에서 transformers로 불러와 save_pretrained를 호출해 변환하십시오.',
  '{name} is quantised (quantization_config of config.json: {method}); Airlock reads weights in F32, F16 or BF16. Choose the checkpoint that it was made from.':
    '{name}은(는) 양자화되어 있습니다(config.json의 quantization_config: {method}). Airlock은 F32, F16, BF16 가중치를 읽습니다. 양자화하기 전의 체크포인트를 고르십시오.',
  '{file} is not a valid safetensors file: {reason}. The download or copy may be incomplete; take a fresh copy.':
    '{file}은(는) 올바른 safetensors 파일이 아닙니다: {reason}. 내려받기나 복사가 덜 되었을 수 있으니 새로 받으십시오.',
  'it has {bytes} bytes, fewer than the 8 of a header length': '크기가 {bytes}바이트라 헤더 길이 8바이트보다 작음',
  'it begins with a header length of {bytes} bytes, and at most {limit} are allowed':
    '헤더 길이가 {bytes}바이트로 적혀 있는데 {limit}바이트까지만 됨',
  'its header should have {bytes} bytes, but the file has only {all} in all':
    '헤더가 {bytes}바이트여야 하는데 파일 전체가 {all}바이트뿐임',
  'its header is not UTF-8 text': '헤더가 UTF-8 텍스트가 아님',
  'its header is not valid JSON ({reason})': '헤더가 올바른 JSON이 아님({reason})',
  'its header is not a JSON object': '헤더가 JSON 객체가 아님',
  'its tensors end at byte {end}, but the file has {bytes} bytes':
    '텐서는 {end}바이트에서 끝나는데 파일은 {bytes}바이트임',
  'The tensor {tensor} of {file} is stored as {dtype}; Airlock reads F32, F16 and BF16. Save the model in one of those, without quantisation.':
    '{file}의 텐서 {tensor}이(가) {dtype}로 저장되어 있습니다. Airlock은 F32, F16, BF16을 읽습니다. 양자화하지 말고 그중 하나로 모델을 저장하십시오.',

  // The model itself.
  "{name}: the weights lack '{tensor}'{more}, which config.json calls for; use the config.json that belongs to these weights.":
    "{name}: config.json에 따르면 있어야 할 '{tensor}'{more} 텐서가 가중치에 없습니다. 이 가중치에 맞는 config.json을 쓰십시오.",
  "{name}: '{tensor}' is {shape} in the weights and {wanted} by config.json; use the config.json that belongs to these weights.":
    "{name}: '{tensor}'의 모양이 가중치에서는 {shape}, config.json으로는 {wanted}입니다. 이 가중치에 맞는 config.json을 쓰십시오.",
  'The graphics device offers no 16-bit arithmetic (its `shader-f16` feature is missing), which weights in float16 need; choose float32 or int4.':
    '그래픽 장치에 float16 가중치에 필요한 16비트 연산(`shader-f16`)이 없습니다. float32나 int4를 고르십시오.',
  '{count} tensors of the checkpoint are not used by this architecture, as in transformers: {names}.':
    '체크포인트의 텐서 {count}개는 transformers에서처럼 이 아키텍처에서 쓰지 않습니다: {names}.',
  'The checkpoint has no chat template: pairs must be strings, and prompts go to the model as they are. Choose a template to use chat messages.':
    '체크포인트에 채팅 템플릿이 없습니다. 선호 쌍은 텍스트여야 하고 프롬프트는 그대로 모델에 들어갑니다. 채팅 메시지를 쓰려면 템플릿을 고르십시오.',
  'The tokenizer names no end-of-sequence token: completions will not end with one, and answers stop only at their length limit.':
    '토크나이저에 끝 토큰이 없습니다. 답변이 끝 토큰으로 끝나지 않고 길이 제한에서만 멈춥니다.',
  'The tokenizer has {tokens} tokens and the model {vocabulary}; text that needs the others is refused.':
    '토크나이저의 토큰은 {tokens}개, 모델의 토큰은 {vocabulary}개입니다. 나머지 토큰이 필요한 글은 거절됩니다.',
  'config.json: `{key}` is {value}; it must be {wanted}.':
    'config.json의 `{key}` 값이 {value}입니다. 필요한 값: {wanted}.',
  '{values}, the only value supported': '{values}(지원하는 유일한 값)',
  '{values}, the values supported': '{values}(지원하는 값)',
  'a positive integer': '양의 정수',
  'an integer of 0 or more': '0 이상의 정수',
  'true or false': 'true 또는 false',
  'a number': '숫자',
  'above 0': '0보다 큰 수',
  'config.json {problem}; supported are {models}.': 'config.json을 쓸 수 없습니다: {problem}. 지원하는 모델: {models}.',
  'names no `model_type`': '`model_type` 항목이 없음',
  'has the `model_type` {type}, which is not supported': '`model_type` 값 {type}을(를) 지원하지 않음',
  'config.json: rotary positions would turn {count} of {all} dimensions a head; it must be an even number of them.':
    'config.json: 회전 위치가 헤드의 {all}차원 중 {count}차원에 적용됩니다. 짝수여야 합니다.',
  'config.json asks for the rope type {type}; supported are default, linear, llama3 and longrope.':
    'config.json의 rope 종류 {type}을(를) 지원하지 않습니다. 지원하는 종류: default, linear, llama3, longrope.',
  'One row of the embedding has {bytes} bytes and this device takes {limit} at once; use WASM.':
    '임베딩 한 행이 {bytes}바이트인데 이 장치는 한 번에 {limit}바이트까지 받습니다. WASM을 쓰십시오.',
  "'{tensor}' {place} holds {value}, beyond the {limit} of float16; choose float32 or int4.":
    "'{tensor}' {place}에 float16의 한계 {limit}를 넘는 값 {value}이(가) 있습니다. float32나 int4를 고르십시오.",

  // Tokenizer and template.
  'tokenizer.json has a precompiled_charsmap that is not base64; take a fresh copy of the file.':
    'tokenizer.json의 precompiled_charsmap이 base64가 아닙니다. 파일을 새로 받으십시오.',
  'tokenizer.json has a precompiled_charsmap of {bytes} bytes that does not hold the table it announces; take a fresh copy of the file.':
    'tokenizer.json의 precompiled_charsmap({bytes}바이트)에 적힌 표가 들어 있지 않습니다. 파일을 새로 받으십시오.',
  "The model's chat template has {characters} characters; at most {limit} are allowed. Use a model with another template.":
    '모델의 채팅 템플릿이 {characters}자입니다. {limit}자까지 됩니다. 템플릿이 다른 모델을 쓰십시오.',
  "The model's chat template could not be read ({reason}). Correct chat_template.jinja, or take a fresh copy of the model.":
    '모델의 채팅 템플릿을 읽을 수 없습니다({reason}). chat_template.jinja를 고치거나 모델을 새로 받으십시오.',
  "The model's chat template was stopped after {seconds} seconds on {count} messages; it may loop without end. Put a working chat_template.jinja into the model folder, or write prompt, chosen and rejected as plain text.":
    '모델의 채팅 템플릿이 메시지 {count}개를 처리하다가 {seconds}초 만에 중단되었습니다. 끝없이 반복하는 것일 수 있습니다. 제대로 된 chat_template.jinja를 모델 폴더에 넣거나 prompt, chosen, rejected를 텍스트로 쓰십시오.',
  "The model's chat template made {characters} characters of {count} messages; at most {limit} are allowed. Shorten the conversation.":
    '모델의 채팅 템플릿이 메시지 {count}개로 {characters}자를 만들었습니다. {limit}자까지 됩니다. 대화를 줄이십시오.',
  "The model's chat template does not take these messages (roles: {roles}): {reason}. Change the roles or their order to what the model expects.":
    '모델의 채팅 템플릿이 이 메시지를 받지 않습니다(역할: {roles}): {reason}. 모델이 기대하는 역할과 순서로 고치십시오.',
  'There is no built-in chat template "{name}"; name one of {names}, none, or a file of Jinja.':
    '"{name}"이라는 내장 채팅 템플릿이 없습니다. {names}, none 또는 Jinja 파일을 지정하십시오.',
  'tokenizer.json has a post_processor with {what}, which Airlock cannot follow. Use a model with another tokenizer.':
    'tokenizer.json의 post_processor에 Airlock이 따를 수 없는 {what}이(가) 있습니다. 토크나이저가 다른 모델을 쓰십시오.',
  'tokenizer_config.json names the tokenizer class {name}, which Airlock does not have. Use a model with another tokenizer.':
    'tokenizer_config.json의 토크나이저 클래스 {name}이(가) Airlock에 없습니다. 토크나이저가 다른 모델을 쓰십시오.',
  'tokenizer_config.json names the tokenizer class {name}, but tokenizer.json holds a {kind} model; transformers 5 would cut every text wrongly. Set `tokenizer_class` to "PreTrainedTokenizerFast", which follows tokenizer.json.':
    'tokenizer_config.json의 토크나이저 클래스는 {name}인데 tokenizer.json에는 {kind} 모델이 있습니다. transformers 5가 모든 글을 잘못 자르게 됩니다. `tokenizer_class`를 tokenizer.json을 따르는 "PreTrainedTokenizerFast"로 바꾸십시오.',
  'tokenizer.json uses {what}, with which Airlock would not give the tokens that transformers gives. Use a model with another tokenizer.':
    'tokenizer.json에 쓰인 {what} 때문에 Airlock의 토큰이 transformers의 토큰과 달라집니다. 토크나이저가 다른 모델을 쓰십시오.',
  'tokenizer.json gives the token {token} the id {id}; ids are whole numbers from 0 to {limit}. Take a fresh copy of the file.':
    'tokenizer.json의 토큰 {token}에 번호 {id}이(가) 적혀 있습니다. 번호는 0부터 {limit}까지의 정수입니다. 파일을 새로 받으십시오.',
  'tokenizer.json has no `model`; it is not a tokenizer of the Hugging Face kind. Take a fresh copy of the file.':
    'tokenizer.json에 `model`이 없어 Hugging Face 토크나이저가 아닙니다. 파일을 새로 받으십시오.',
  'tokenizer.json describes a tokenizer that Airlock cannot run ({reason}). Use a model with another tokenizer.':
    'Airlock이 실행할 수 없는 토크나이저입니다(tokenizer.json: {reason}). 토크나이저가 다른 모델을 쓰십시오.',
  'The tokenizer has {token} as eos_token, which tokenizer.json does not know. tokenizer_config.json may come from a different model; take a fresh copy of both.':
    '토크나이저의 eos_token이 {token}인데 tokenizer.json에 없습니다. tokenizer_config.json이 다른 모델의 것일 수 있으니 둘 다 새로 받으십시오.',

  // Adapters.
  'The adapter': '어댑터',
  'The adapter was trained on the base model with the fingerprint {fingerprint}; {name} has {other}. Open the model that it was trained on.':
    '이 어댑터는 지문이 {fingerprint}인 베이스 모델로 학습되었는데 {name}의 지문은 {other}입니다. 학습에 쓴 모델을 여십시오.',
  'The metadata of {file} has `{key}` that is no list of at most {limit} names; take a fresh copy.':
    '{file}의 메타데이터 `{key}`가 이름 {limit}개 이하의 목록이 아닙니다. 새로 받으십시오.',
  'The metadata of {file} has `{key}` {value}; known are {values}.':
    '{file}의 메타데이터 `{key}` 값이 {value}입니다. 쓸 수 있는 값: {values}.',
  '{file} sets `{key}` to {value}: {reason}, which Airlock does not support. Train the adapter as plain LoRA, or merge it into the base model with PEFT and open the result.':
    '{file}의 `{key}` 값 {value}을(를) Airlock이 지원하지 않습니다({reason}). 일반 LoRA로 어댑터를 학습하거나, PEFT로 베이스 모델에 합친 결과를 여십시오.',
  'DoRA scales every output by a learned magnitude': 'DoRA는 모든 출력에 학습된 크기를 곱함',
  'it replaces whole modules of the base model': '베이스 모델의 모듈을 통째로 바꿈',
  'it gives some modules another rank': '모듈마다 랭크가 다름',
  'it gives some modules another scale': '모듈마다 배율이 다름',
  'it replaces rows of the embedding': '임베딩의 행을 바꿈',
  'it replaces biases of the base model': '베이스 모델의 편향을 바꿈',
  'it starts from rewritten base weights': '고쳐 쓴 베이스 가중치에서 시작함',
  'it is not an adapter of a text generation model ("CAUSAL_LM")': '텍스트 생성 모델("CAUSAL_LM")의 어댑터가 아님',
  '{file} has the peft_type {type}; Airlock reads LoRA adapters ("LORA").':
    '{file}의 peft_type이 {type}입니다. Airlock은 LoRA 어댑터("LORA")를 읽습니다.',
  '{file} has the rank `r` {value}; it must be a whole number above 0.':
    '{file}의 랭크 `r` 값이 {value}입니다. 0보다 큰 정수여야 합니다.',
  '{file} has the `lora_alpha` {value}; it must be a number.':
    '{file}의 `lora_alpha` 값이 {value}입니다. 숫자여야 합니다.',
  '{file} holds the tensor {tensor}, which is not part of plain LoRA (base_model.model.<module>.lora_A.weight and .lora_B.weight). Train the adapter on linear layers alone.':
    '{file}에 일반 LoRA에 없는 텐서 {tensor}이(가) 있습니다(base_model.model.<module>.lora_A.weight와 .lora_B.weight만 됩니다). 선형 레이어만 대상으로 어댑터를 학습하십시오.',
  'the tensor {tensor} of {file}': '{file}의 텐서 {tensor}',
  'The shape of {tensor} is [{shape}]; a LoRA matrix has two sizes above 0.':
    '{tensor}의 모양이 [{shape}]입니다. LoRA 행렬에는 0보다 큰 크기가 둘 있어야 합니다.',
  '{file} says r = {r}, but {tensor} has rank {rank} (shape [{rows}, {columns}]). The files may belong to different adapters.':
    '{file}에는 r = {r}이라고 적혀 있는데 {tensor}의 랭크는 {rank}입니다(모양 [{rows}, {columns}]). 서로 다른 어댑터의 파일일 수 있습니다.',
  'Element {index} of {tensor} is {value}; every weight must be a finite number. Its training diverged: take an earlier adapter.':
    '{tensor}의 {index}번째 값이 {value}입니다. 모든 가중치는 유한한 수여야 합니다. 학습이 발산한 것이니 이전 어댑터를 쓰십시오.',
  '{file} has no lora_{half} for {module}, only its other half; take a fresh copy.':
    '{file}에 {module}의 lora_{half}가 없고 나머지 절반만 있습니다. 새로 받으십시오.',
  '{file} holds no LoRA tensor; check that it is the right file.':
    '{file}에 LoRA 텐서가 없습니다. 맞는 파일인지 확인하십시오.',
  '{file} has no list of `target_modules`; it should name the adapted layers, such as ["q_proj", "v_proj"].':
    '{file}에 `target_modules` 목록이 없습니다. ["q_proj", "v_proj"]처럼 어댑터가 붙은 레이어의 이름이 있어야 합니다.',
  '{file} adapts {module}, which `target_modules` of {config} does not name ({targets}). The files may belong to different adapters.':
    '{file}은(는) {module}에 어댑터를 붙이는데 {config}의 `target_modules`({targets})에 그 이름이 없습니다. 서로 다른 어댑터의 파일일 수 있습니다.',
  'The adapter has its weights in adapter_model.bin, a pickle that may run code; Airlock reads {file}. Load it with PEFT and call save_pretrained.':
    '어댑터의 가중치가 코드를 실행할 수 있는 피클인 adapter_model.bin에 있습니다. Airlock은 {file}을(를) 읽습니다. PEFT로 불러와 save_pretrained를 호출하십시오.',
  "The adapter has a module '{module}', which is no linear of this model's {blocks} blocks; it was made for another model.":
    "어댑터의 모듈 '{module}'이(가) 이 모델의 블록 {blocks}개에 있는 선형 레이어가 아닙니다. 다른 모델의 어댑터입니다.",
  "The adapter has no tensors for '{module}'; adapters on some of the layers only are not supported.":
    "어댑터에 '{module}'의 텐서가 없습니다. 일부 레이어에만 붙은 어댑터는 지원하지 않습니다.",
  "The adapter's lora_{half} of '{module}' is [{shape}], this model needs [{wanted}].":
    "어댑터의 '{module}' lora_{half} 모양이 [{shape}]인데 이 모델에는 [{wanted}]이 필요합니다.",
  '`lora_target_modules` names {name}; this model\'s blocks have {names} (or "all-linear").':
    '`lora_target_modules`의 {name}이(가) 이 모델에 없습니다. 이 모델의 블록에는 {names}이(가) 있습니다("all-linear"도 됩니다).',
  '`lora_target_modules` is empty; name at least one of {names}.':
    '`lora_target_modules`가 비어 있습니다. {names} 중 하나 이상을 쓰십시오.',
};
