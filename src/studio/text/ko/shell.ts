import { formatCount } from '../format';
import type { shell as english } from '../en/shell';

export const shell: typeof english = {
  skip: '작업 영역으로 건너뛰기',
  documentTitle: (screen) => `${screen} · Airlock`,
  rail: '화면',
  screens: { models: '모델', data: '데이터', judge: '판정', train: '학습', compare: '비교', records: '기록' },
  status: {
    noModel: '선택 안 함',
    loading: '불러오는 중',
    noPairs: '선호 쌍 없음',
    nothingToJudge: '판정할 답변 없음',
    needsModelAndPairs: '모델과 선호 쌍 필요',
    needsModel: '모델 필요',
    needsPairs: '선호 쌍 필요',
    starting: '시작하는 중',
    ready: '준비됨',
    answering: '답변하는 중',
    modelJudging: '모델이 판정 중',
    judgingLabels: '라벨 판정 중',
  },
  device: {
    chip: (name) => `장치: ${name}`,
    title: '장치',
    starting: '시작하는 중',
    down: '엔진 멈춤',
    isStarting: '엔진을 시작하고 있습니다.',
    isDown: '엔진이 실행되고 있지 않습니다.',
    products: (gflops) =>
      `학습 계산 속도는 ${gflops} GFLOPS(1 GFLOPS는 초당 연산 10억 번)입니다. 시험한 방식 가운데 가장 빠른 것을 씁니다.`,
    productsTerm: (variant, pass) =>
      `행렬 곱의 GFLOPS, 타일 ${variant}${pass === undefined ? '' : `, 학습의 순전파는 ${pass === 'ours' ? '자체 커널' : 'onnxruntime'}`}`,
    runOn: '실행 장치',
    auto: '자동',
    webgpu: 'WebGPU',
    wasm: 'WASM (CPU)',
    notWhileTraining: '학습 중에는 바꿀 수 없습니다.',
    help: '바꾸면 엔진을 다시 시작하고 모델을 다시 엽니다.',
    restartNow: '지금 엔진 다시 시작',
    restart: '엔진 다시 시작',
  },
  model: { none: '모델 없음' },
  memory: {
    chip: (size) => `메모리: ${size}`,
    title: '엔진의 메모리',
    lead: '모델과 학습, 작업 공간이 지금 차지하는 크기입니다. 페이지를 닫으면 해제됩니다.',
    device: (isGpu) => (isGpu ? 'GPU의 텐서' : '텐서'),
    wasmHeap: 'WebAssembly',
    jsHeap: 'JavaScript',
  },
  storage: {
    chip: (size, isAtRisk) => `저장 공간: ${size}${isAtRisk ? ', 보호되지 않음' : ''}`,
    title: '이 PC의 저장 공간',
    lead: '모델과 선호 쌍, 학습 기록, 어댑터는 이 브라우저에 보관됩니다.',
    persisted: '브라우저가 이 데이터를 임의로 지우지 않기로 했습니다.',
    atRisk:
      '저장할 때마다 브라우저에 보관을 요청하지만 아직 보장받지 못했으므로, 디스크가 가득 차면 지워질 수 있습니다. ' +
      '이 페이지를 북마크에 추가하거나 알림을 허용하면 Chrome이 보호할 가능성이 커지며, 요청은 자동으로 다시 합니다. ' +
      '그때까지 필요한 어댑터는 내려받아 두십시오.',
  },
  sent: {
    none: '0바이트 전송',
    noneMore: '이 PC 밖으로 나가는 데이터 없음',
    checking: '차단 상태 확인 중',
    notSealed: '완전히 차단되지 않음',
    notSealedMore: '나간 데이터는 없으나 모든 경로가 막혀 있지는 않음',
    some: (requests) => `외부 요청 ${formatCount(requests)}건`,
    posted: (requests, bytes) => `요청 ${formatCount(requests)}건으로 서버에 ${bytes} 전송`,
    title: '이 PC 밖으로 나가는 것',
    meaning: (seen, origin) =>
      `약속이 아니라 측정한 값입니다. 페이지를 연 뒤 페이지와 엔진이 보낸 요청 ${formatCount(seen)}건이 모두 페이지를 불러온 주소 ${origin}(으)로 갔고, 다른 주소로 간 요청은 없습니다.`,
    elsewhere: '페이지를 불러온 주소가 아닌 곳으로 간 요청이 있습니다. 브라우저 확장 프로그램이 보낸 것일 수 있습니다.',
    to: (origin, requests) => `${origin}: ${formatCount(requests)}건`,
    blocked: (count) => `다른 주소로 연결하려는 시도 ${formatCount(count)}건을 브라우저가 막았습니다.`,
    guards: '페이지를 지키는 것',
    policy: {
      holds: '서버의 콘텐츠 보안 정책(CSP)이 적용되어 있습니다. 페이지와 엔진은 다른 주소에 연결할 수 없습니다.',
      missing:
        '서버가 연결을 제한하는 콘텐츠 보안 정책(CSP)을 보내지 않습니다. README에 있는 헤더와 함께 제공하십시오.',
      unconfirmed: '서버의 콘텐츠 보안 정책(CSP)이 적용되었는지 확인하지 못했습니다.',
    },
    allowlist: {
      holds:
        '브라우저가 Connection-Allowlist를 지키는 것을 방금 시험해 확인했습니다. WebRTC와 링크, 리디렉션, 미리 연결하기로도 다른 곳에 닿을 수 없습니다.',
      missing:
        'Connection-Allowlist가 지켜지지 않습니다. WebRTC와 링크, 미리 연결하기로 다른 곳에 닿을 수 있습니다. README에 있는 헤더와 Chrome 156 이상이 필요합니다.',
      unconfirmed:
        'Connection-Allowlist가 지켜지는지 확인하지 못했습니다. 측정한 버전은 Chrome 156이며, 시험에는 WebRTC가 필요합니다. 확인될 때까지 이 경로들은 방화벽만이 막습니다.',
    },
    isolation: {
      holds: '페이지가 격리되어 다른 출처와 프로세스를 공유하지 않습니다.',
      missing: '페이지가 다른 출처와 격리되어 있지 않습니다. README에 있는 헤더와 함께 제공하십시오.',
      unconfirmed: '페이지가 격리되었는지 확인하지 못했습니다.',
    },
    limits:
      '페이지가 볼 수 없는 것도 있습니다. 브라우저 확장 프로그램과 다른 프로그램, 그리고 정책만으로 막히는 엔진 스레드의 요청입니다.',
  },
  selfTest: {
    title: '차단 자체 시험',
    lead: '존재하지 않는 주소로 나가는 다섯 가지 경로를 시험합니다. 사용자의 데이터는 보내지 않습니다.',
    run: '경로 시험하기',
    running: '시험하는 중 …',
    channels: {
      fetch: '스크립트 요청',
      image: '외부 이미지',
      webSocket: '웹소켓(WebSocket)',
      beacon: '비콘',
      relay: 'WebRTC 연결',
    },
    outcomes: { blocked: '막힘', open: '막히지 않음', unknown: '이 브라우저에 없음' },
  },
  language: { label: '언어', names: { en: 'English', ko: '한국어' } },
  theme: {
    label: '화면 테마',
    chip: (name) => `화면 테마: ${name}`,
    names: { system: '시스템 설정', light: '밝게', dark: '어둡게' },
  },
  help: {
    open: '도움말과 단축키',
    title: '도움말',
    shortcuts: '키보드 단축키',
    tour: {
      title: '처음 한 시간',
      lead: '처음 연 화면에서 서버에 넘길 어댑터까지, 다섯 단계입니다.',
      open: (screen) => `${screen} 화면 열기`,
      steps: [
        {
          title: '모델을 엽니다',
          body: '모델이 아직 없으면 체험용 모델을 쓰십시오. 작은 모델로 몇 분 동안 모든 단계를 거칩니다. 모델이 있으면 내려받은 디렉터리를 선택하십시오. 모두 이 PC에만 있습니다.',
        },
        {
          title: '좋은 답변과 나쁜 답변을 가져옵니다',
          body: '엑셀이나 CSV, JSON 파일에 프롬프트와 원하는 답변, 원하지 않는 답변이 있으면 됩니다. 화면에 엑셀 양식이 있습니다. 없으면 판정 화면에서 모델의 답변을 골라 직접 만들 수 있습니다.',
        },
        {
          title: '학습합니다',
          body: '추천 설정 그대로 “둘을 비교하기: SFT, 이어서 DPO”를 고르고 시작하십시오. 걸릴 시간이 표시되고, 언제든 멈췄다가 이어갈 수 있습니다.',
        },
        {
          title: '답변을 비교합니다',
          body: '같은 프롬프트에 베이스, SFT, DPO가 어떻게 답하는지 나란히 보십시오. 프롬프트 묶음으로 승률을 구하고 보고서를 저장합니다.',
        },
        {
          title: '어댑터를 넘깁니다',
          body: '학습 기록을 열고 “넘겨주기”를 누르십시오. 어느 서버에서 쓸지 묻고, 그 서버가 거부할 것을 알려 주고, 서버 관리자가 쓸 명령과 함께 폴더나 zip 파일로 저장합니다.',
        },
      ],
    },
    keys: '키',
    what: '동작',
    then: '다음',
    goTo: (screen) => `${screen} 화면으로 이동`,
    openThis: '이 도움말 표시',
    generate: '프롬프트 입력란에서 답변 생성',
    undo: '데이터 화면에서 선호 쌍의 변경을 취소',
    redo: '취소한 변경을 다시 실행',
    tab: '다음 컨트롤로 이동. 첫 번째는 작업 영역으로 건너뛰기',
    escape: '대화 상자나 목록 닫기',
    isOn: '한 글자 단축키 사용',
    note: '입력란에 글을 쓰는 동안에는 동작하지 않습니다.',
  },
  elsewhere: '다른 탭에서 학습 중',
  notifications: '알림',
  supportDetails: '지원 담당자를 위한 정보',
  moreWarnings: (count) => `경고 ${formatCount(count)}개 더 보기`,
  warningsContinued: (label) => `${label}, 계속`,
  progressOfRun: (run) => `${run} 진행률`,
  progressOf: (label, percent) => `${label}: ${percent}`,
  busy: {
    down: '엔진이 멈췄습니다. 먼저 다시 시작하십시오.',
    starter: '체험 실행이 진행 중입니다.',
    training: '학습이 진행 중입니다.',
    probing: '세 스텝을 시험하는 중입니다.',
    comparing: '답변을 생성하고 있습니다.',
    scoring: '답변의 토큰을 평가하고 있습니다.',
    judging: '판정할 답변을 생성하고 있습니다.',
    promptSet: '프롬프트 묶음에 답하고 있습니다.',
    modelJudging: '모델이 프롬프트 묶음을 판정하고 있습니다.',
    calibrating: '보상 모델을 재고 있습니다.',
    makingPairs: '선호 쌍을 만들 답변을 생성하고 있습니다.',
    judgingLabels: '라벨을 판정하고 있습니다.',
    sweep: '프런티어를 구하고 있습니다.',
    demonstration: '시연을 준비하고 있습니다.',
    showing: '시연에서 답변을 쓰고 있습니다.',
    handingOver: '어댑터를 넘겨주는 중입니다.',
    loading: '모델을 불러오고 있습니다.',
    choosingTemplate: '채팅 템플릿을 바꾸고 있습니다.',
    starting: '엔진을 시작하고 있습니다.',
  },
  unsupported: '아직 여기에서는 Airlock을 실행할 수 없습니다',
  foreignWorker: {
    title: '이 페이지와 서버 사이에 다른 프로그램이 끼어 있었습니다',
    body: (script) =>
      `Airlock의 것이 아닌 서비스 워커(${script})가 이 주소를 제어하고 있었습니다. 다른 프로그램이 남긴 것이며, 방금 제거했습니다.`,
    meaning:
      '남아 있는 동안 이 페이지를 바꾸거나 이 주소에 보관된 내용을 읽을 수 있었습니다. 페이지를 새로 불러오고 PC 관리자에게 알리십시오.',
    reload: 'Airlock 새로 불러오기',
    removed: (scripts) =>
      `Airlock의 것이 아닌 서비스 워커가 이 주소에 등록되어 있어 제거했습니다: ${scripts}. 이 페이지는 그것을 거치지 않았습니다.`,
  },
  lacks: {
    secureContext: (address) =>
      `이 페이지를 연 주소 ${address}은(는) 보안 컨텍스트가 아니어서 Chrome이 WebGPU와 저장소, 해시 기능을 제공하지 않습니다. ` +
      '이 PC에서 시작한 http://airlock.localhost 또는 회사 인증서를 쓰는 HTTPS로 여십시오. 관리자가 ' +
      'OverrideSecurityRestrictionsOnInsecureOrigin 정책에 이 주소를 등록할 수도 있습니다.',
    webAssembly: (address) =>
      `이 브라우저에서는 엔진에 필요한 WebAssembly가 꺼져 있습니다. 관리자에게 ${address}에서 허용해 달라고 요청하거나` +
      '(Chrome의 V8 최적화 또는 JavaScript JIT 정책) 최신 Chrome을 사용하십시오.',
    workers: '이 브라우저에는 웹 워커가 없습니다. 최신 Chrome을 사용하십시오.',
    storage: (address) =>
      '이 브라우저는 페이지의 데이터 저장을 허용하지 않아, 닫으면 선호 쌍과 학습 기록이 사라집니다. ' +
      `${address}의 사이트 데이터를 허용하거나, 떠나기 전에 어댑터를 내려받으십시오.`,
    isolation:
      '페이지가 교차 출처 격리 상태가 아니어서 CPU 엔진이 스레드를 하나만 사용합니다. ' +
      'Cross-Origin-Opener-Policy: same-origin 및 Cross-Origin-Embedder-Policy: require-corp 헤더와 함께 제공하십시오.',
  },
  number: {
    problem: (label, range, given, withPoint) =>
      `${label}: ${range}여야 합니다. ${given === '' ? '값이 비어 있습니다.' : `"${given}"은(는) 사용할 수 없습니다.`}${withPoint === null ? '' : ` 소수점은 마침표로 ${withPoint}처럼 쓰십시오.`}`,
    range: (min, max, isAbove, isWhole) =>
      `${min} ${isAbove ? '초과' : '이상'} ${max} 이하의 ${isWhole ? '정수' : '수'}`,
  },
};
