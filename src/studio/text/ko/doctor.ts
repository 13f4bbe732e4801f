import { formatCount, formatMetric, formatShare } from '../format';
import type { doctor as english } from '../en/doctor';

const nats = (value: number): string => `${formatMetric(Math.abs(value))} nat`;

export const doctor: typeof english = {
  title: '진단',
  severity: { danger: '문제', warning: '주의', hint: '참고' },
  try: '권장 조치:',
  nothing: (steps) => `${formatCount(steps)}스텝 동안 특이한 점이 없습니다.`,
  findings: {
    notFinite: {
      seen: ({ what, value, step }) =>
        `${formatCount(step)}스텝에서 ${what === 'loss' ? '손실' : '그래디언트 크기(norm)'} 값이 ${value}이(가) 되어 학습을 멈췄습니다.`,
      advice: ({ rate }) =>
        `학습률을 ${rate === null ? '' : `(${formatMetric(rate)}에서) 10분의 1로 `}낮추고 기울기 클리핑을 1로 두십시오. 데이터 화면에서 그 스텝의 선호 쌍도 살펴보십시오.`,
    },
    rateZero: {
      seen: ({ steps }) => `지금까지 ${formatCount(steps)}스텝 모두 학습률이 0이어서 아무것도 배우지 못했습니다.`,
      advice: ({ warmup }) =>
        warmup > 0
          ? `워밍업이 ${formatCount(warmup)}스텝입니다. 줄이십시오.`
          : '학습률을 0보다 크게 정하십시오. LoRA에는 1e-4가 알맞습니다.',
    },
    warmupTooLong: {
      seen: ({ warmup, total }) =>
        `워밍업 ${formatCount(warmup)}스텝이 전체 ${formatCount(total)}스텝만큼 길어서 정해 둔 학습률에 이르지 못합니다.`,
      advice: ({ total }) =>
        `워밍업을 전체의 10분의 1인 ${formatCount(Math.max(1, Math.round(total / 10)))}스텝으로 줄이거나 더 오래 학습하십시오.`,
    },
    noGradient: {
      seen: ({ steps }) =>
        `최근 ${formatCount(steps)}스텝의 기울기가 정확히 0입니다. 이 선호 쌍에서는 배울 것이 없습니다.`,
      advice: () => '데이터 화면에서 두 답변이 똑같거나, 최대 길이에서 잘려 같아진 선호 쌍을 찾아보십시오.',
    },
    stuck: {
      seen: ({ loss, margin, steps, rate }) =>
        `${formatCount(steps)}스텝 뒤에도 손실이 ${formatMetric(loss)}, 마진이 ${formatMetric(margin)}입니다. 선택 답변과 거부 답변을 구별하지 못하고 있습니다(학습률 ${formatMetric(rate)}).`,
      advice: ({ rate }) =>
        rate < 2e-5
          ? `학습률을 올리십시오. ${formatMetric(rate)}은(는) LoRA에 작은 값이며, 1e-4를 권합니다.`
          : '베타나 학습률을 올리고, 데이터 화면에서 두 답변이 실제로 다른지 확인하십시오.',
    },
    notFalling: {
      seen: ({ from, to, steps }, hasEnded) =>
        `손실이 내려가지 ${hasEnded ? '않았습니다' : '않습니다'}. 처음 ${formatMetric(from)}, ${formatCount(steps)}스텝 뒤 ${formatMetric(to)}입니다.`,
      advice: ({ rate }, hasEnded) =>
        `${hasEnded ? '다음에는 ' : ''}학습률(${hasEnded ? '이번에는' : '현재'} ${formatMetric(rate)})을 세 배로 올려 보십시오. 손실이 흔들리기만 한다면 배치를 키우십시오.`,
    },
    diverging: {
      seen: ({ from, to }, hasEnded) =>
        `손실이 처음 ${formatMetric(from)}에서 ${formatMetric(to)}까지 ${hasEnded ? '올라갔습니다' : '올라가고 있습니다'}.`,
      advice: ({ rate }, hasEnded) =>
        `${hasEnded ? '' : '중지한 뒤, '}학습률(${formatMetric(rate)}이었음)을 3분의 1 이하로 낮추고 전체 스텝의 10분의 1 동안 워밍업하여 다시 학습하십시오.`,
    },
    exploding: {
      seen: ({ from, to }) => `그래디언트 크기(norm)이 ${formatMetric(from)}에서 ${formatMetric(to)}까지 커졌습니다.`,
      advice: ({ clip }, hasEnded) =>
        clip > 0 && hasEnded
          ? `이번에는 클리핑(${formatMetric(clip)})이 막았습니다. 다음에는 학습률을 낮추고 워밍업을 추가하십시오.`
          : clip > 0
            ? `지금은 클리핑(${formatMetric(clip)})이 막고 있습니다. 무너지기 전에 학습률을 낮추고 워밍업을 추가하십시오.`
            : '기울기 클리핑을 1로 켜고 학습률을 낮추십시오.',
    },
    wrongWay: {
      seen: ({ accuracy, steps }) =>
        `최근 ${formatCount(steps)}스텝에서 선택 답변의 보상이 더 높은 선호 쌍이 ${formatShare(accuracy)}뿐입니다. 데이터와 반대로 배우고 있습니다.`,
      advice: () =>
        '데이터 화면에서 선택과 거부가 뒤바뀌었거나 서로 어긋나는 선호 쌍이 있는지 확인하십시오. 라벨에 오류가 많다면 robust DPO를 쓰십시오.',
    },
    chosenFalls: {
      seen: ({ chosenNats, rejectedNats, share }) =>
        `선택 답변의 로그 확률이 답변당 ${nats(chosenNats)}${share === null ? '' : `(원래 값의 ${formatShare(share)})`} 내려갔습니다. 거부 답변은 ${rejectedNats < 0 ? `${nats(rejectedNats)} 내려갔습니다` : '내려가지 않았습니다'}.`,
      advice: ({ chosenNats, rejectedNats }) =>
        rejectedNats < chosenNats
          ? 'DPO는 둘의 차이만 보므로 흔한 일입니다. 답변이 나빠진다면 SFT를 먼저 하거나, "sigmoid"에 "sft" 손실을 더하거나, 베타를 올리십시오.'
          : '선택 답변으로 SFT를 먼저 하거나 "sigmoid"에 "sft" 손실을 더하고, 학습률을 낮추십시오.',
    },
    saturated: {
      seen: ({ steps, from, to, loss }) =>
        `최근 ${formatCount(steps)}스텝의 정확도가 1인데도 마진이 ${formatMetric(from)}에서 ${formatMetric(to)}까지 계속 커지고 있습니다(손실 ${formatMetric(loss)}). 선호 쌍을 외우고 있습니다.`,
      advice: () =>
        '에폭을 줄이거나, 베타를 올리거나, 정해진 마진에서 멈추는 "ipo" 손실을 쓰십시오. 평가 데이터를 나누면 멈출 때를 알 수 있습니다.',
    },
    longerChosen: {
      seen: ({ chosen, rejected, method }) =>
        `선택 답변이 거부 답변보다 ${formatShare(chosen / rejected - 1)} 깁니다(평균 ${formatMetric(chosen)}토큰과 ${formatMetric(rejected)}토큰). ${method === 'reward' ? '더 나은 답변이 아니라 더 긴 답변에 높은 점수를 주게 될 수 있습니다.' : '더 나은 답변이 아니라 더 긴 답변을 배울 수 있습니다.'}`,
      advice: ({ method }) =>
        method === 'reward'
          ? '더 나은 답변이 더 짧은 쌍을 추가하십시오. 데이터 화면의 “길이”에서 길이만으로 좋은 답변을 얼마나 알 수 있는지 봅니다.'
          : `베이스 모델의 답변과 길이를 비교해 보십시오. 길어진다면 ${method === 'kto' ? '짧고 좋은 답변이나 길고 나쁜 답변을 추가하십시오.' : 'ld_alpha를 0.5로 두거나, 토큰 평균을 쓰는 "sigmoid_norm" 또는 "simpo" 손실을 쓰십시오.'}`,
    },
    drift: {
      seen: ({ nats: moved, share, beta }) =>
        `모델이 참조 모델에서 멀어졌습니다. 답변의 로그 확률이 평균 ${nats(moved)}, 원래 값의 ${formatShare(share)}만큼 움직였습니다(베타 ${formatMetric(beta)}).`,
      advice: ({ beta }) =>
        `베타를 ${formatMetric(beta * 3)} 정도로 올리거나, 학습률을 낮추거나, 더 일찍 멈추십시오. 데이터에 없는 프롬프트에 대한 답변도 확인하십시오.`,
    },
    noSpread: {
      seen: ({ share, answers, steps }) =>
        `최근 ${formatCount(steps)}스텝에서 프롬프트의 ${formatShare(share)}는 답변 ${formatCount(answers)}개의 값이 모두 같아 배울 것이 없습니다.`,
      advice: () =>
        '모델이 가끔 맞히는 프롬프트를 고르거나, 점수가 더 잘게 나뉘는 보상을 쓰십시오. RLOO라면 프롬프트마다 답변을 더 뽑을 수도 있습니다.',
    },
    cutOff: {
      seen: ({ share, limit, steps }) =>
        `최근 ${formatCount(steps)}스텝에서 답변의 ${formatShare(share)}가 ${formatCount(limit)}토큰에서 잘렸습니다. 스스로 끝나지 않습니다.`,
      advice: () =>
        '먼저 끝맺는 답변으로 SFT를 학습하거나, 더 긴 답변을 허용하거나, 잘린 답변을 덜 세십시오. RLOO는 빼고 배울 수 있고 온라인 DPO는 벌점을 줄 수 있습니다.',
    },
    leaving: {
      seen: ({ from, to }, hasEnded) =>
        `답변이 참조 모델에서 멀어집니다. ${hasEnded ? '끝에는' : '지금'} 답변당 ${nats(to)}이고 바로 전에는 ${nats(from)}였습니다. 이렇게 멀면 보상의 겉모습만 맞추기 쉽습니다.`,
      advice: ({ beta, hasPrice }) =>
        `예시 답변을 읽어 보고, ${hasPrice ? 'KL 벌점을' : '베타를'} ${formatMetric(beta * 3)} 정도로 올리거나 학습률을 낮추거나 더 일찍 멈추십시오.`,
    },
    evaluationTurned: {
      seen: ({ best, bestStep, latest, step }) =>
        `학습 손실은 내려가는데 평가 손실은 ${formatCount(bestStep)}스텝의 ${formatMetric(best)}에서 ${formatCount(step)}스텝의 ${formatMetric(latest)}까지 다시 올라갔습니다. 과적합입니다.`,
      advice: ({ bestStep, isKept }, hasEnded) =>
        isKept
          ? `따로 할 일은 없습니다. ${formatCount(bestStep)}스텝의 어댑터를 남겼습니다. 선호 쌍을 늘리거나 에폭이나 학습률을 줄이면 더 나아질 수 있습니다.`
          : hasEnded
            ? '평가가 가장 좋았던 스텝의 어댑터로 마치도록 다시 학습하십시오. 또는 에폭을 줄이거나, 학습률을 낮추거나, 선호 쌍을 늘리십시오.'
            : `${formatCount(bestStep)}스텝의 어댑터로 마치게 하십시오(고급 설정의 최고 평가). 또는 에폭을 줄이거나, 학습률을 낮추거나, 선호 쌍을 늘리십시오.`,
    },
  },
};
