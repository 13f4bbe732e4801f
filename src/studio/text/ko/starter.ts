import { formatCount } from '../format';
import type { starter as english } from '../en/starter';

export const starter: typeof english = {
  title: '바로 체험하기: Airlock에 들어 있는 작은 모델과 데이터',
  again: '다른 과제 체험하기',
  lead:
    '한 번 클릭하면 이 PC에서 SFT와 DPO를 학습하고 베이스 모델의 답변과 비교합니다. 사무용 PC에서 GPU와 인터넷 없이 ' +
    '약 3분이 걸립니다.',
  tasks: {
    sentiment: {
      title: '긍정적인 후기',
      description: '영화와 구내식당 후기를 이어 씁니다. 칭찬과 불평이 반반이던 모델에 DPO로 칭찬을 가르칩니다.',
      score: '점수는 후기의 감성입니다. 0은 불평만, 1은 칭찬만 있다는 뜻입니다.',
    },
    summarization: {
      title: '충실한 요약',
      description: '공장과 사무실 생활을 다룬 글을 TL;DR로 요약합니다. DPO로 사실에 충실하고 짧게 쓰도록 가르칩니다.',
      score: '점수는 글의 사실 가운데 요약에 담긴 비율에서, 지어낸 사실과 군말, 길이에 대한 감점을 뺀 값입니다.',
    },
    dialogue: {
      title: '도움이 되는 답변',
      description: '현장 작업자와 사무 직원의 질문입니다. DPO로 정확하고 정중하게 답하도록 가르칩니다.',
      score: '점수는 맞는 답이 1, 회피하는 답이 0.3, 틀린 답이 0이며, 정중하면 조금 더하고 무례하면 조금 뺍니다.',
    },
  },
  task: '과제',
  start: '체험 시작',
  replacesPairs: '지금의 선호 쌍이 체험용으로 바뀝니다. 알림에서 되돌릴 수 있습니다.',
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
  preparing: '준비하는 중',
  reference: (done, total) => `참조 모델, 선호 쌍 ${formatCount(done)}/${formatCount(total)}`,
  promptOf: (number, total) => `프롬프트 ${number}/${total}`,
  result: {
    label: '체험 결과 비교',
    title: (task) => `${task}: 학습에 쓰지 않은 프롬프트에 대한 베이스, SFT, DPO의 답변`,
    close: '체험 결과 닫기',
    first: '첫 답변을 쓰고 있습니다.',
    means: '평균 점수',
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
