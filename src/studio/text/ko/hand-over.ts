import { formatBytes, formatCount, formatDuration } from '../format';
import { serverNames } from '../../plain/hand-over/server-names';
import type { handOver as english } from '../en/hand-over';

const besideBase = (server: string) =>
  `서버 관리자는 폴더를 베이스 모델 옆에 두고 아래 명령으로 ${server} 서버를 시작합니다. 요청할 때는 어댑터 이름을 모델 이름으로 적습니다.`;
const asModel = (server: string) =>
  `서버 관리자는 다른 모델과 똑같이 ${server}에 올립니다. 베이스 모델은 따로 필요하지 않습니다.`;

export const handOver: typeof english = {
  open: '넘겨주기',
  openOf: (run) => `${run} 넘겨주기`,
  title: (run) => `${run} 넘겨주기`,
  server: '어디에서 서비스합니까?',
  serverName: (server) =>
    server === 'cluster' ? '학습 클러스터' : server === 'unknown' ? '아직 모름' : serverNames[server],
  serverHelp: {
    vllm: '여러 사람이 쓰는 GPU 서버',
    sglang: '여러 사람이 쓰는 GPU 서버',
    'llama.cpp': 'GGUF 모델, CPU나 작은 GPU',
    ollama: '워크스테이션의 모델',
    transformers: 'PEFT를 쓰는 파이썬',
    mlx: '애플 컴퓨터, mlx-lm',
    cluster: '같은 학습을 더 큰 규모로',
    unknown: '모두 담긴 번들',
  },
  unknownAsIs: '어댑터 그대로',
  narrowed: {
    scoreHead:
      '보상 모델에는 LoRA 말고 점수 헤드가 있습니다. PEFT 형식의 파일에만 담기고(modules_to_save) transformers만 읽으므로 다른 곳은 내놓지 않습니다.',
    noBundle: '번들은 DPO, SFT, KTO 학습을 선호 쌍으로 되풀이합니다. 이 학습은 방식이 달라 번들이 없습니다.',
  },
  format: '쓸 내용',
  formats: {
    peft: '어댑터',
    gguf: '어댑터(GGUF)',
    merged: '모델 전체',
    mlx: '어댑터(mlx-lm)',
    bundle: '번들',
  },
  contents: {
    peft: '폴더에 PEFT 형식의 어댑터만 담깁니다. 설정, 가중치, 모델 카드입니다.',
    gguf: '폴더에 어댑터만 GGUF 파일 하나로 담깁니다.',
    merged:
      '폴더에 모델 전체가 담깁니다. 베이스 모델의 가중치에 어댑터를 더한 것으로, 토크나이저와 대화 템플릿도 함께입니다.',
    mlx: '폴더에 mlx-lm이 읽는 형식의 어댑터만 담깁니다.',
    bundle:
      '폴더에 TRL로 GPU에서 같은 학습을 되풀이하는 데 필요한 것이 담깁니다. 설정, 학습 전후의 어댑터, 나와야 하는 수치, 그리고 학습에 쓴 선호 쌍 자체입니다. 선호 쌍과 똑같이 다루십시오.',
  },
  scoresOnly: '점수만 매기고 글은 쓰지 않으므로 서버를 확인할 답변도, 답변으로 새어 나갈 내용도 없습니다.',
  does: ({ server, format }) => {
    if (format === 'bundle')
      return '서버 관리자는 베이스 모델을 안에 두고 아래 명령을 실행합니다. GPU 한 장일 때와 여러 장일 때의 방법은 안에 든 README.md에 있습니다. 안에 든 어댑터는 그대로 서비스할 수도 있습니다.';
    const isUnnamed = server === 'unknown' || server === 'cluster';
    if (format !== 'merged')
      return server === 'transformers' || isUnnamed
        ? '프로그램을 만드는 사람이 아래 코드로 베이스 모델에 어댑터를 얹습니다.'
        : besideBase(serverNames[server]);
    if (server === 'ollama')
      return '서버 관리자가 아래 명령으로 모델을 만듭니다. Ollama는 이제 어댑터를 받지 않습니다.';
    if (server === 'llama.cpp')
      return '서버 관리자가 llama.cpp에 든 스크립트로 먼저 GGUF 파일을 만들고, 그것을 서비스합니다.';
    return asModel(isUnnamed ? '서버' : serverNames[server]);
  },
  command: '명령(폴더의 바로 위에서 실행)',
  copy: '복사',
  copied: '명령을 복사했습니다.',
  copyRefused: '브라우저가 클립보드를 막았습니다. 명령을 선택해 복사하십시오.',
  name: '폴더 이름이자 서버에서 부를 어댑터 이름',
  nameHelp: '버전마다 새 이름을 쓰십시오. 서버에 이전 것이 남아 있을 수 있습니다.',
  nameProblem: '영문자, 숫자, 마침표, 붙임표, 밑줄만 쓸 수 있고 영문자나 숫자로 시작해야 합니다.',
  dtype: '숫자 형식',
  dtypes: {
    F32: 'float32: 반올림 없음',
    F16: 'float16: 크기 절반',
    BF16: 'bfloat16: 크기 절반, 더 거침',
  },
  dtypeOwn: { adapter: 'float32: 반올림 없음', merged: '베이스 모델과 같게' },
  rank: '서버가 받는 가장 큰 랭크',
  rankOf: (rank) => `어댑터의 랭크는 ${formatCount(rank)}입니다.`,
  files: (count, bytes) =>
    count === 0
      ? '파일은 쓰면서 만듭니다.'
      : `파일 ${formatCount(count)}개, ${formatBytes(bytes)}. 구성 명세(BOM)와 SHA256SUMS를 함께 둡니다.`,
  planning: '어댑터를 살펴보는 중…',
  contract: (server) =>
    server === 'cluster' || server === 'unknown' ? '점검 결과' : `${serverNames[server]} 점검 결과`,
  nothing: (server) =>
    server === 'cluster' || server === 'unknown'
      ? '문제가 없습니다.'
      : `문제가 없습니다. ${serverNames[server]}에서 이대로 받습니다.`,
  forbids: '거부됨',
  advice: '권고',
  mends: {
    fold: '배율을 행렬에 반영',
    merge: '모델 전체로 쓰기',
    rank: (rank) => `서버를 랭크 ${formatCount(rank)}(으)로 시작`,
  },
  folded: '배율을 행렬에 반영하여 alpha가 랭크와 같습니다.',
  unfold: '반영하지 않기',
  proof: '서버에서 확인할 근거',
  canaries: 'check_server.py가 쓸 카나리아',
  canaryKinds: {
    answers: '무난한 질문에 모델이 한 답변',
    pairs: '학습에 쓴 선호 쌍(토큰 번호로)',
    none: '없음',
  },
  canaryHelp: {
    answers: '서버 관리자가 서버에 대고 스크립트를 실행하면, 무엇이 서비스되는지 한 문장으로 알려 줍니다.',
    pairs: '베이스 모델과 어댑터를 가장 잘 가립니다. 다만 토크나이저가 있는 사람은 선호 쌍을 읽을 수 있습니다.',
    none: '서버가 정말 어댑터로 답하는지 아무도 확인할 수 없습니다.',
  },
  sign: '서명하기(model.sig)',
  fingerprint: '이 브라우저 키의 지문',
  signHelp:
    '서버 관리자에게 전화로 한 번 알려 주십시오. 서명은 바뀐 파일이 없고 전과 같은 브라우저라는 것을 보여 줄 뿐, 그 앞에 누가 앉아 있는지는 보여 주지 못합니다.',
  savePublicKey: '공개 키 저장',
  noKey: '이 브라우저에서 키를 만들 수 없어 서명하지 않습니다.',
  verify: '서명은 폴더 옆에 공개 키를 두고 이렇게 확인합니다.',
  checkServer: '서버가 돌고 있을 때 무엇을 서비스하는지 한 문장으로 알려 줍니다.',
  leaks: {
    title: '새어 나가는 것',
    lead: '어댑터에게 학습 답변의 앞부분을 주고 이어 쓰게 하며, 선호 쌍에서 비밀과 개인정보를 찾습니다. 알려 주기만 할 뿐입니다. 정해진 형식이 없는 것은 찾지 못합니다.',
    look: '살펴보기',
    again: '다시 살펴보기',
    recited: (count, base, asked) =>
      asked === 0
        ? '물어볼 만큼 긴 답변이 없습니다.'
        : `앞부분을 준 답변 ${formatCount(asked)}개 가운데 어댑터는 ${formatCount(count)}개, 베이스 모델은 ${formatCount(base)}개를 글자 그대로 이어 썼습니다.`,
    whole: (pair, tokens) => `${formatCount(pair)}번 쌍: 토큰 ${formatCount(tokens)}개를 글자 그대로`,
    none: (searched) =>
      `선호 쌍 ${formatCount(searched)}개에 비밀이나 개인정보의 형식을 띤 것은 없습니다. 이름과 주소는 정해진 형식이 없습니다.`,
    found: (kind, count, pairs) => `${kind}: ${formatCount(count)}개, 선호 쌍 ${formatCount(pairs)}개`,
    table: '찾은 것(가림)',
    kinds: {
      email: '전자우편 주소',
      phone: '전화번호',
      residentNumber: '주민등록번호',
      businessNumber: '사업자등록번호',
      cardNumber: '카드 번호',
      key: '키나 토큰',
      password: '비밀번호',
    },
  },
  record: '감사 로그에 남길 내용',
  who: '이름',
  reason: '넘겨주는 사유',
  approver: '승인자',
  demanded: '이 기관에서는 필수 항목을 적어야 합니다. 적지 않으면 아무것도 쓰지 않습니다.',
  required: (label) => `${label} (필수)`,
  otherModel: (model) => `넘겨주려면 베이스 모델도 읽어야 합니다. 모델 화면에서 ${model} 모델을 연 다음 다시 오십시오.`,
  toModels: '모델 화면으로',
  forbidden: '서버가 거부할 것입니다. 표시된 것을 먼저 고치십시오. 그대로 쓸 수도 있습니다.',
  toFolder: '폴더에 쓰기',
  toZip: 'ZIP 파일로 쓰기',
  zipHelp: 'ZIP 파일은 다운로드 폴더로 가며 4 GB까지만 담습니다. 폴더에는 바로 씁니다.',
  onlyZip: '이 브라우저는 페이지가 폴더에 쓰지 못하게 하므로 ZIP 파일을 다운로드 폴더에 둡니다. 4 GB까지만 담습니다.',
  zipTooLarge: (bytes) =>
    `ZIP 파일 하나에는 4 GB까지만 담을 수 있는데 이 파일들은 ${formatBytes(bytes)}입니다. 폴더에 쓰십시오.`,
  onlyZipTooLarge: (bytes) =>
    `이 파일들은 ${formatBytes(bytes)}입니다. 이 브라우저는 페이지가 폴더에 쓰지 못하게 하고 ZIP 파일에는 4 GB까지만 담을 수 있습니다. Chrome이나 Edge에서 Airlock을 열거나 어댑터만 넘기십시오.`,
  doing: {
    leakCheck: '어댑터에게 학습 답변을 묻는 중',
    canaries: '카나리아를 만드는 중',
    mergeDistance: '병합으로 답변이 얼마나 달라지는지 재는 중',
    writing: '쓰는 중',
  },
  did: (kind, { done, total, secondsLeft }) =>
    (kind === 'writing'
      ? `${formatBytes(total)} 중 ${formatBytes(done)}`
      : `${formatCount(total)}개 중 ${formatCount(done)}개`) +
    (secondsLeft === null ? '' : `, ${formatDuration(secondsLeft)} 남음`),
  stopped: '취소했습니다. 쓰던 것은 남기지 않았습니다.',
  done: (name) => `${name} 폴더를 모두 썼습니다.`,
  doneZip: (name) => `${name}.zip 파일을 모두 써서 다운로드 폴더에 두었습니다.`,
  doneFiles: (files, bytes) =>
    `파일 ${formatCount(files)}개(모두 ${formatBytes(bytes)})와, 파일마다 해시가 적힌 SHA256SUMS입니다.`,
  sums: 'SHA256SUMS의 SHA-256(감사 로그에도 남음):',
  next: '서버 관리자가 할 일',
  check: '모두 제대로 도착했는지는 그 폴더에서 이렇게 확인합니다.',
  another: '다른 서버',
  serve: ({ name, base, command, isBundle }) =>
    `${name}: 베이스 모델 ${base}에 맞춰 Airlock에서 만들었습니다.\n\n모두 제대로 도착했는지 이 폴더에서 확인하십시오:\n\n    sha256sum -c SHA256SUMS\n\n${isBundle ? '다시 학습하려면' : '서비스하려면'} 이 폴더의 바로 위에서 실행하십시오. 베이스 모델의 이름 대신 서버에 있는 경로를 적으십시오:\n\n${command.replace(/^/gm, '    ')}\n`,
};
