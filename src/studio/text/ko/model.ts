import { formatBytes, formatCount, formatDuration } from '../format';
import type { model as english } from '../en/model';
import type { Precision } from '../../../core/dtype';

const precisionNames: Readonly<Record<Precision, string>> = {
  float32: '32비트(float32)',
  float16: '16비트(float16)',
  int4: '4비트',
};

export const model: typeof english = {
  title: '모델',
  lead: '어댑터를 학습할 베이스 모델입니다. 한 번 이 브라우저에 복사되고 다음부터는 여기서 바로 엽니다.',
  stored: '이 브라우저에 보관됨',
  nothingStored: '아직 보관된 모델이 없습니다. 아래에서 모델 디렉터리를 고르면 다음 방문부터 여기서 열 수 있습니다.',
  openNotStored: (name) =>
    `${name}이(가) 열려 있지만 이 브라우저에 보관되지 않았습니다. 다음에는 디렉터리를 다시 선택하십시오.`,
  rename: (name) => `${name} 이름 바꾸기`,
  newName: (name) => `${name}의 새 이름`,
  families: {
    title: '사용할 수 있는 모델과 가져오는 방법',
    lead: '사용할 수 있음이 확인된 계열과 config.json의 model_type입니다. Instruct 판에는 채팅 템플릿이 들어 있습니다. 그래픽 카드가 좋지 않은 PC에서는 파라미터 10억 개 이하를 고르십시오.',
    list: {
      llama: 'Llama 2·3, TinyLlama, SmolLM2 계열',
      mistral: 'Mistral 7B 계열',
      qwen2: 'Qwen 2, 2.5(0.5B 이상)',
      qwen3: 'Qwen 3(0.6B 이상)',
      gemma2: 'Gemma 2 계열',
      gemma3_text: 'Gemma 3 텍스트(270M, 1B)',
      phi3: 'Phi-3, Phi-3.5, Phi-4 mini 계열',
      smollm3: 'SmolLM3 계열',
      olmo2: 'OLMo 2 계열',
      gpt_neox: 'GPT-NeoX: Pythia, 폴리글롯(Polyglot-Ko)',
      gpt2: 'GPT-2 계열',
    },
    bring: '인터넷이 없는 PC로 가져오려면:',
    steps: [
      '인터넷이 되는 PC에서 Hugging Face의 모델 페이지를 열고, 사용 허가가 필요하면 동의합니다.',
      'config.json, generation_config.json, tokenizer.json, tokenizer_config.json, 있으면 chat_template.jinja, 그리고 .safetensors 파일을 모두 한 디렉터리에 내려받습니다. 명령은 hf download 모델이름 --local-dir 디렉터리입니다.',
      '회사 규정에 따라 디렉터리를 이 PC로 옮기고 여기서 선택합니다. 브라우저에 한 번 복사됩니다.',
    ],
  },
  onServer: '이 서버에 있음',
  isOpen: '열림',
  open: '열기',
  openNamed: (name) => `${name} 열기`,
  fetch: '가져와서 열기',
  fetchNamed: (name) => `${name} 가져와서 열기`,
  delete: '삭제',
  deleteNamed: (name) => `${name} 삭제`,
  deleteTitle: (name) => `${name}을(를) 삭제하시겠습니까?`,
  deleteBody: (size) =>
    `${size}가 비워집니다. 학습 기록과 어댑터는 남지만, 다시 쓰려면 모델 디렉터리를 다시 골라야 합니다.`,
  keepIt: '그대로 두기',
  deleted: (name) => `${name}을(를) 삭제했습니다.`,
  notKept: (name) =>
    `${name}은(는) 열려 있지만 이 브라우저에 보관되지 않았습니다. 다음 방문 때 디렉터리를 다시 고르십시오.`,
  hash: (hash) => `파일의 SHA-256: ${hash}`,
  directory: '이 PC의 디렉터리',
  dropArea: '모델 디렉터리를 놓는 곳',
  choose: '모델 디렉터리 선택',
  chooseFirst: { before: 'Hugging Face 체크포인트 디렉터리:', after: '선택하거나 여기로 끌어다 놓으십시오.' },
  chooseOther: '모델을 바꾸려면 다른 디렉터리를 선택하거나 끌어다 놓으십시오.',
  droppedFile: '파일 하나만 놓였습니다. 모델 디렉터리 전체를 놓거나 버튼으로 고르십시오.',
  noConfig: (directory) =>
    `"${directory}" 디렉터리에 config.json이 없습니다. config.json, tokenizer.json, model.safetensors가 나란히 있는 Hugging Face 체크포인트 디렉터리를 고르십시오.`,
  severalModels: (directory, count, shown) =>
    `"${directory}" 디렉터리에 모델이 ${count}개 있습니다(${shown}). 그중 하나의 디렉터리를 고르십시오.`,
  copying: (name) => `${name}을(를) 이 브라우저에 복사하는 중`,
  copied: (done, total, secondsLeft) =>
    `${formatBytes(done)}/${formatBytes(total)}${secondsLeft === null ? '' : `, 약 ${formatDuration(Math.max(1, secondsLeft))} 남음`}`,
  cancelCopy: '복사 취소',
  checking: (name) => `${name}의 모든 바이트를 확인하는 중`,
  cancelCheck: '확인 취소',
  checkNamed: (name) => `${name}의 모든 바이트 확인`,
  sound: (name) => `${name}은(는) 복사할 때와 같습니다. 모든 바이트를 확인했습니다.`,
  opening: (name, what) => `${name} 여는 중: ${what}`,
  readingDirectory: '디렉터리 읽기',
  compiling: '단계 컴파일',
  measuringGpu: '그래픽 장치 속도 측정(처음 한 번, 약 1초)',
  bytesOf: (done, total) => `${formatBytes(done)}/${formatBytes(total)}`,
  cancelLoading: '불러오기 취소',
  staysLoaded: (name) => `${name}은(는) 그대로 열려 있습니다.`,
  otherRuns: '다른 모델의 학습 기록',
  otherRunsLead: '어댑터는 학습할 때 쓴 모델에서만 답합니다. 쓰려면 그 모델을 여십시오.',
  openForRuns: (name) => `${name} 열어 학습 기록 쓰기`,
  runsNeedDirectory: '이 브라우저에 이 모델이 없습니다. 위에서 모델 디렉터리를 선택하십시오.',
  runsOf: (name, count) => `${name} (학습 ${formatCount(count)}회)`,
  adapters: {
    title: '이 모델의 어댑터',
    named: (names, more) => `어댑터: ${names.join(', ')}${more > 0 ? ` 외 ${formatCount(more)}개` : ''}`,
    none: '아직 이 모델의 어댑터가 없습니다. 학습 화면에서 학습하거나 가져오십시오.',
    name: '어댑터',
    method: '방법',
    steps: '스텝',
    rank: 'LoRA 랭크',
    madeAt: '생성 일시',
    size: '크기',
    imported: '가져옴',
    all: '학습 기록과 어댑터: 차트, 내려받기, 메모',
  },
  plan: {
    title: (name) => `${name}에 필요한 것`,
    settings: (length, pairs, rank, precision) =>
      `쌍마다 ${formatCount(length)}토큰, 배치마다 ${formatCount(pairs)}쌍, LoRA 랭크 ${rank}, 가중치 ${precisionNames[precision]}로 학습할 때의 추정값이며 오차는 대개 5분의 1 이내입니다. 페이지 자체가 150 MB쯤 더 씁니다.`,
    parts: {
      weights: '가중치',
      adapter: '어댑터와 옵티마이저',
      activations: '활성값',
      answers: (count, areAlone) =>
        `한꺼번에 뽑는 답변 ${formatCount(count)}개${areAlone ? '(활성값이 없는 동안)' : ''}`,
      judge: '답변을 채점하는 보상 모델',
      workspace: '작업 공간',
      total: '합계',
      answering: '답변할 때',
    },
    precision: {
      label: '가중치를 보관하는 방식',
      names: precisionNames,
      auto: '자동',
      autoHelp: (precision, isChosen) =>
        isChosen
          ? `맞는 것 중 가장 정확한 방식입니다. 지금은 ${precisionNames[precision]}입니다.`
          : '맞는 것 중 가장 정확한 방식입니다.',
      needs: (bytes, fits, fitsCheckpointed) =>
        `최대 ${formatBytes(bytes)}${fits ? '입니다.' : fitsCheckpointed ? '라서 너무 크지만, 기울기 체크포인팅을 켜면 맞습니다.' : '라서 너무 큽니다.'}`,
      helps: {
        float32: '체크포인트의 수 그대로입니다.',
        float16: '공간이 절반이며 숫자를 유효숫자 세 자리로 반올림합니다.',
        int4: '공간이 5분의 1쯤이며 훨씬 거칠게 반올림하고, 프로세서에서는 더 느립니다. 임베딩과 출력은 8비트입니다.',
      },
      noFloat16: '이 그래픽 장치에는 16비트 연산(shader-f16)이 없어 float16을 고를 수 없습니다.',
    },
    recompute: '활성값을 보관하지 않고 두 번 계산합니다(기울기 체크포인팅).',
    granted: '이 기기',
    memory: (bytes) => `메모리 ${formatBytes(bytes)} (브라우저가 알려 주는 값)`,
    binding: (bytes) => `GPU 버퍼 하나에 ${formatBytes(bytes)}. 그래픽 메모리 크기는 알 수 없습니다`,
    storage: (bytes) => `브라우저 추정으로 ${formatBytes(bytes)}를 더 보관할 수 있음`,
    fits: '이 기기에 맞습니다.',
    short: ({ kind, neededBytes, grantedBytes }) => {
      const [needed, granted] = [formatBytes(neededBytes), formatBytes(grantedBytes)];
      if (kind === 'heap') return `WebAssembly에 ${needed}가 필요하지만 최대 ${granted}입니다.`;
      if (kind === 'memory') return `모두 ${needed}가 필요하지만 이 PC의 메모리 중 ${granted}만 쓸 수 있다고 봅니다.`;
      return `가장 큰 텐서가 ${needed}인데 이 GPU는 한 번에 ${granted}까지 묶을 수 있습니다.`;
    },
    proposal: (length, pairs, precision, isCheckpointed) =>
      `최대 ${formatCount(length)}토큰, 배치마다 ${formatCount(pairs)}쌍, 가중치 ${precisionNames[precision]}${isCheckpointed ? '에 활성값을 두 번 계산하면(기울기 체크포인팅)' : '이면'} 맞습니다.`,
    noProposal: '길이나 배치 크기, 정밀도를 줄여도 맞지 않습니다. 더 작은 모델이나 다른 기기를 고르십시오.',
    useSettings: '이 설정 쓰기',
    useProposal: '이 설정으로 열기',
    open: '열기',
    openAnyway: '그래도 열기',
    leave: '열지 않기',
  },
  template: {
    title: '채팅 템플릿',
    missing: (name) =>
      `${name}은(는) 채팅 템플릿이 없는 베이스 모델이라 메시지를 텍스트로 바꾸는 방법이 정해져 있지 않습니다. 직접 고르십시오. 추측하지 않으며, 고른 내용은 어댑터에 적힙니다.`,
    label: '메시지를 텍스트로 바꾸는 방법',
    choices: {
      none: {
        name: '템플릿 없음',
        help: '프롬프트와 답변이 그대로 모델에 들어갑니다. 채팅 메시지로 된 쌍은 거절됩니다.',
      },
      plain: {
        name: '일반 텍스트(User:/Assistant:)',
        help: '“User: …”와 “Assistant: …”를 각각 한 줄에 씁니다. 흔한 단어만 쓰므로 모델이 처음 보는 토큰이 없습니다.',
      },
      chatml: {
        name: 'ChatML 표기',
        help: '<|im_start|>user … <|im_end|>. 토크나이저에 이 두 토큰이 있을 때 알맞으며, 같은 모델의 채팅 버전이 흔히 그렇습니다.',
      },
      file: { name: '직접 준비한 템플릿', help: '관련 모델의 chat_template.jinja 같은 Jinja 파일입니다.' },
    },
    file: '템플릿 파일 선택',
    inUse: (file) => `사용 중: ${file}`,
  },
  card: {
    facts: {
      architecture: '아키텍처',
      parameters: '파라미터',
      layers: '레이어',
      vocabulary: '어휘',
      context: '컨텍스트',
      dtype: '저장 형식',
      template: '채팅 템플릿',
      eos: '끝 토큰',
      weights: '사용 중인 가중치',
      precision: '보관 방식',
      fingerprint: '지문',
      hash: '파일의 SHA-256',
    },
    precision: (precision) => precisionNames[precision],
    layers: (layers, width) => `${layers} × 너비 ${formatCount(width)}`,
    vocabulary: (size, isTied) => `${formatCount(size)}${isTied ? ' (임베딩 공유)' : ''}`,
    context: (tokens) => `${formatCount(tokens)}토큰`,
    ownTemplate: '모델 자체 템플릿',
    noTemplate: '없음',
    none: '없음',
    warnings: '모델에 대한 경고',
  },
};
