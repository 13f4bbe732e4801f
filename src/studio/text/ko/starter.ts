import { formatCount } from '../format';
import type { starter as english } from '../en/starter';

export const starter: typeof english = {
  title: '바로 체험하기: Airlock에 들어 있는 작은 모델과 데이터',
  again: '다시 체험하기',
  lead:
    '한 번 클릭하면 이 PC에서 SFT와 DPO를 학습하고 베이스 모델의 답변과 비교합니다. 사무용 PC에서 GPU와 인터넷 없이 ' +
    '3분 안에 끝납니다.',
  tasks: {
    sentiment: {
      title: '영어 후기',
      description: '영화와 구내식당 후기를 이어 씁니다. 칭찬과 불평이 반반이던 모델에 DPO로 칭찬을 가르칩니다.',
      score: '점수는 후기의 감성입니다. 0은 불평만, 1은 칭찬만 있다는 뜻이며, 깨진 단어 하나마다 0.2를 뺍니다.',
    },
    'sentiment-ko': {
      title: '한국어 후기',
      description:
        '구내식당 식사와 사내 교육 후기를 이어 씁니다. 칭찬과 불평이 반반이던 모델에 DPO로 칭찬을 가르칩니다.',
      score: '점수는 후기의 감성입니다. 0은 불평만, 1은 칭찬만 있다는 뜻이며, 깨진 단어 하나마다 0.2를 뺍니다.',
    },
    summarization: {
      title: '충실한 요약',
      description: '공장과 사무실 생활을 다룬 글을 TL;DR로 요약합니다. DPO로 사실에 충실하고 짧게 쓰도록 가르칩니다.',
      score:
        '점수는 글의 사실 가운데 요약에 담긴 비율에서, 지어낸 사실과 군말, 길이, 깨진 단어에 대한 감점을 뺀 값으로 0에서 1 사이입니다.',
    },
    dialogue: {
      title: '도움이 되는 답변',
      description: '현장 작업자와 사무 직원의 질문입니다. DPO로 정확하고 정중하게 답하도록 가르칩니다.',
      score:
        '점수는 정확하고 정중한 답이 1, 정확한 답이 0.9, 모른다는 답이 0.3, 틀린 답이 0입니다. 이름이나 비교가 틀렸거나 다른 질문에 답한 경우도 틀린 답입니다.',
    },
  },
  task: '과제',
  start: '체험 시작',
  ownSet: '체험 데이터는 별도의 데이터셋에 담기며, 지금의 선호 쌍은 그대로 남습니다.',
  stopped: '체험을 중지했습니다. 그때까지 학습한 결과는 다음에 있습니다:',
  examples: '학습에 쓰는 예:',
  timeLeft: (time) => `약 ${time} 남음`,
  stages: {
    download: '모델과 데이터 불러오기',
    sft: 'SFT 학습',
    dpo: 'DPO 학습',
    answers: '평가용 프롬프트에 답변',
  },
  stagesLabel: '단계',
  done: '완료',
  openingModel: '모델을 여는 중',
  measuringDistance: 'DPO가 얼마나 달라졌는지 재는 중',
  preparing: '준비하는 중',
  reference: (done, total) => `참조 모델, 선호 쌍 ${formatCount(done)}/${formatCount(total)}`,
  promptOf: (number, total) => `프롬프트 ${number}/${total}`,
  result: {
    label: '체험 결과 비교',
    title: (task) => `${task}: 학습에 쓰지 않은 프롬프트에 대한 베이스, SFT, DPO의 답변`,
    close: '체험 결과 닫기',
    first: '첫 답변을 쓰고 있습니다.',
    means: '95% 구간을 표시한 평균 점수',
    who: '답변한 모델',
    score: '평균 점수',
    interval: (low, high) => `95% 구간 ${low}~${high}`,
    fluent: '문장이 온전한 답변',
    fluentHelp: '‘문장이 온전한 답변’은 깨진 단어나 반복이 없는 답변의 비율입니다.',
    distance: 'SFT와의 거리',
    distanceHelp:
      '‘SFT와의 거리’는 DPO가 출발점인 SFT 모델과 얼마나 다르게 쓰는지를 나타냅니다(답변당 KL 발산, 단위 nat).',
    distances: { near: '가까움', moderate: '보통', far: '멂' },
    verdict: {
      clear: (over) => `DPO가 분명히 낫습니다: ${over}. 우연만으로는 설명되지 않습니다.`,
      open: (over) => `DPO가 분명히 낫다고는 할 수 없습니다: ${over}. 구간에 0이 들어 있으면 우연일 수 있습니다.`,
      worse: (over) => `이번에는 DPO가 더 나쁩니다: ${over}.`,
      few: (prompts, fewest) =>
        `지금까지 프롬프트 ${formatCount(prompts)}개입니다. ${fewest}개부터 차이가 분명한지 판정합니다.`,
    },
    over: (column, mean, low, high) => `${{ base: '베이스', sft: 'SFT' }[column]}보다 ${mean} (${low}~${high})`,
    both: (parts) => parts.join(', '),
    seed: '이 구간은 프롬프트에 따른 것입니다. 학습을 다시 하면 값이 달라지며, 다섯 번 학습한 결과는 README에 있습니다.',
    best: 'SFT보다 가장 많이 나아진 프롬프트',
    worst: '가장 많이 나빠진 프롬프트',
    noWorst: 'DPO가 더 나빠진 프롬프트는 없습니다.',
    all: (prompts) => `프롬프트 ${formatCount(prompts)}개와 답변 전체`,
    mean: (prompts, state) =>
      `프롬프트 ${formatCount(prompts)}개의 평균 점수입니다.${
        state === 'running'
          ? ' 아직 진행 중입니다.'
          : state === 'stopped'
            ? ' 여기에서 중지했습니다.'
            : ` 이 PC에서 모두 ${state.time} 걸렸습니다.`
      }`,
    table: '답변과 점수',
    nothing: '(답변 없음)',
    next: '이제 아래에서 직접 물어보십시오. 학습 과정을 보거나 어댑터를 내려받으려면 다음으로 이동하십시오:',
  },
};
