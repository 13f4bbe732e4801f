import { formatCount, formatShare } from '../format';
import type { judge as english } from '../en/judge';

export const judge: typeof english = {
  title: '판정',
  lead: '모델이 프롬프트마다 여러 번 답하면, 누구의 답변인지 모르는 상태에서 더 나은 쪽을 골라 선호 쌍을 만듭니다.',
  notKept: '판정한 내용은 새로 고치면 사라집니다.',
  form: {
    source: '프롬프트',
    typed: '직접 입력',
    dataset: '데이터에서 가져오기',
    prompts: '프롬프트 (한 줄에 하나)',
    placeholder: '비밀번호는 어떻게 재설정합니까?\n택배가 늦어지고 있습니다. 어떻게 해야 합니까?',
    datasetPrompts: (count) => `데이터에 서로 다른 프롬프트가 ${formatCount(count)}개 있습니다.`,
    voices: '답변할 모델',
    base: '베이스 (어댑터 없음)',
    noAdapters: '이 모델의 어댑터를 학습하면 여기에 나타납니다.',
    settings: '답변 설정',
    numbers: {
      count: { label: '프롬프트 수', help: '시드에 따라 중복 없이 뽑습니다.' },
      answersEach: { label: '모델별 답변 수', help: '같은 모델의 답변은 무작위 표본추출로만 달라집니다.' },
      temperature: { label: '온도', help: '0.7에서 1 사이면 답변이 서로 달라집니다.' },
      maxNewTokens: { label: '새 토큰 수', help: '답변 하나의 최대 개수입니다.' },
      seed: { label: '샘플링 시드', help: '시드가 같으면 답변도 같습니다.' },
    },
    guideline: '좋은 답변의 기준',
    guidelineHint: '선택 사항입니다. 판정하는 동안 답변 위에 표시되어 모두가 같은 기준으로 판정하게 합니다.',
    annotator: '이름',
    annotatorHint: '선택 사항이며 판정과 함께 기록됩니다.',
    plan: (prompts, answers, comparisons) =>
      `프롬프트 ${formatCount(prompts)}개, 답변 ${formatCount(answers)}개, 비교 최대 ${formatCount(comparisons)}건.`,
  },
  obstacles: {
    numbers: '고쳐야 할 설정이 있습니다.',
    noPrompts: '프롬프트를 하나 이상 입력하십시오.',
    noDatasetPrompts:
      '데이터에 이 모델이 답할 수 있는 프롬프트가 없습니다. 데이터 화면에서 선호 쌍을 가져오거나 프롬프트를 직접 입력하십시오.',
    noVoice: '답변할 모델을 선택하십시오.',
    oneAnswer: '비교하려면 답변이 두 개 필요합니다. 모델별 답변 수를 늘리거나 어댑터도 답하게 하십시오.',
    tooManyAnswers: '프롬프트 하나에 답변은 여섯 개까지입니다. 모든 답변을 둘씩 비교하기 때문입니다.',
    sameAnswers: '온도가 0이면 답변이 모두 같습니다. 온도를 높이거나 모델별 답변 수를 1로 하십시오.',
  },
  start: '답변 생성 후 판정',
  empty: {
    title: '아직 판정할 답변이 없습니다',
    steps:
      '프롬프트를 입력하고 답변을 생성하십시오. 첫 두 답변이 나오면 바로 판정할 수 있고, 고른 결과는 곧바로 데이터 화면의 선호 쌍이 됩니다.',
    stepsFromModel:
      '모델 화면에서 모델을 불러온 뒤 프롬프트를 입력하고 답변을 생성하십시오. 첫 두 답변이 나오면 바로 판정할 수 있고, 고른 결과는 곧바로 데이터 화면의 선호 쌍이 됩니다.',
    orFile: '동료의 판정 파일을 열어 같은 답변을 판정할 수도 있습니다.',
  },
  progress: {
    answering: '답변 생성 중',
    value: (done, total, left) =>
      `답변 ${formatCount(total)}개 중 ${formatCount(done)}개${left === null ? '' : ` · ${left} 남음`}`,
    stop: '답변 생성 중지',
    unanswered: (count) => `답변이 없는 프롬프트가 ${formatCount(count)}개 있습니다.`,
    goOn: '나머지 답변 생성',
    otherModel: (name) => `나머지 답변을 생성하려면 모델 화면에서 ${name} 모델을 불러오십시오.`,
    judged: '판정 완료',
    judgedSoFar: (done) => `${formatCount(done)}건, 답변 생성 중`,
    judgedValue: (done, total, left) =>
      `${formatCount(done)}/${formatCount(total)}${left === null ? '' : ` · 약 ${left} 남음`}`,
  },
  compare: {
    heading: (number) => `비교 ${formatCount(number)}`,
    answer: (side) => `답변 ${side}`,
    nothing: '아무 말도 없습니다.',
    isCut: '토큰 한도에서 잘림',
    guideline: '좋은 답변의 기준',
    verdict: '판정 결과',
    verdicts: { a: 'A가 나음', b: 'B가 나음', tie: '비슷함', bad: '둘 다 나쁨' },
    edit: (side) => `${side} 고쳐 쓰기`,
    editLabel: (side) => `바람직한 답변 ${side}`,
    editHelp: '고쳐 쓴 글은 선택 답변, 원래 글은 거부 답변이 됩니다.',
    saveEdit: '이 글로 결정',
    undo: '되돌리기',
    skip: '건너뛰기',
    comment: '의견(선택)',
    keysOff: '한 글자 단축키가 꺼져 있습니다. 화살표 키와 버튼은 쓸 수 있습니다.',
    said: {
      a: 'A를 골랐습니다.',
      b: 'B를 골랐습니다.',
      tie: '비슷하다고 판정했습니다.',
      bad: '둘 다 나쁘다고 판정했습니다.',
    },
    waitingFirst: '첫 두 답변을 생성하고 있습니다.',
    waiting: '지금까지의 답변을 모두 판정했습니다. 다음 답변을 생성하고 있습니다.',
  },
  round: {
    export: '판정 내보내기',
    close: '새로 시작',
    closeTitle: '이 판정을 치울까요?',
    closeBody: (judgements) =>
      `판정 ${formatCount(judgements)}건과 답변은 사라집니다. 만들어진 선호 쌍은 데이터 화면에 그대로 남습니다. 판정이 필요하면 먼저 내보내십시오.`,
    closeIt: '치우기',
    keepIt: '그대로 두기',
  },
  closed: '판정을 마쳤습니다. 만들어진 선호 쌍은 데이터 화면에 남아 있습니다.',
  summary: {
    title: '모두 판정했습니다',
    counts: (judgements, pairs) =>
      `판정 ${formatCount(judgements)}건으로 선호 쌍 ${formatCount(pairs)}개를 만들었습니다.`,
    none: '서로 다른 답변이 없어 판정할 것이 없습니다. 온도나 토큰 한도를 높이십시오.',
    skipped: (count) => `비교 ${formatCount(count)}건을 건너뛰었습니다.`,
    undecidable: (count) => `프롬프트 ${formatCount(count)}개는 답변이 모두 같거나 비어 있었습니다.`,
    base: '베이스',
    voices: '모델별 승패',
    voice: '답변한 모델',
    wins: '승',
    ties: '무',
    losses: '패',
    rate: '승률',
    interval: (rate, low, high) => `${formatShare(rate)} (${formatShare(low)}~${formatShare(high)})`,
    intervalNote: '괄호 안은 95% 신뢰 구간입니다. 비슷하거나 둘 다 나쁜 경우는 절반의 승리로 셉니다.',
    verdicts: '판정 내용',
    edits: '고쳐 씀',
    longer: (share) => `고른 경우의 ${formatShare(share)}에서 더 긴 답변을 선택했습니다.`,
    next: '데이터 화면에서 선호 쌍 보기',
  },
  files: {
    title: '두 사람의 판정',
    lead: '판정을 내보내 동료가 그 파일의 답변을 판정하게 하십시오. 그런 다음 동료의 파일을 여기에서 진행한 판정과 비교하거나, 파일 두 개를 서로 비교합니다.',
    import: '파일의 답변 판정',
    compare: '파일 비교',
    nothing: (file) => `${file} 파일에 판정이 없습니다. "판정 내보내기"로 만든 파일이 필요합니다.`,
    refused: (count, file, first) =>
      `${file} 파일에서 판정이 아닌 ${formatCount(count)}줄을 제외했습니다. 첫 번째는 ${formatCount(first)}번째 줄입니다.`,
    needsTwo: '파일 두 개를 선택하거나, 직접 판정하는 중이라면 한 개를 선택하십시오.',
    nothingShared: (first, second) => `${first} 파일과 ${second} 파일에 함께 판정한 비교가 없습니다.`,
    agreement: '일치도',
    between: (first, second) => `${first}, ${second}`,
    items: '함께 판정한 비교',
    raw: '같은 판정',
    kappa: '코언의 카파',
    noKappa: '정의되지 않음: 두 사람 모두 한 가지로만 판정했습니다',
    meaning: (kappa) =>
      kappa <= 0
        ? '우연보다 낫지 않습니다. 좋은 답변의 기준을 함께 정한 뒤 다시 판정하십시오.'
        : kappa < 0.2
          ? '우연과 거의 다르지 않습니다. 좋은 답변의 기준을 함께 정한 뒤 다시 판정하십시오.'
          : kappa < 0.4
            ? '다소 낮습니다. 좋은 답변의 기준을 예와 함께 적어 두십시오.'
            : kappa < 0.6
              ? '보통입니다. 판정이 엇갈린 비교를 함께 살펴보십시오.'
              : kappa < 0.8
                ? '상당히 일치합니다. 학습에 쓰기에 충분합니다.'
                : '거의 완전히 일치합니다.',
    editNote: '고쳐 쓴 경우에는 그 답변을 고른 것으로 셉니다.',
  },
};
