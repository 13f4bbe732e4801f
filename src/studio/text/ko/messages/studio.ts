import type { studio as en } from '../../../../messages/english/studio';

export const studio: typeof en = {
  engineStopped: ({ reason }) => `엔진이 멈췄습니다: ${reason}.`,
  workerCrashed: '워커가 비정상 종료되었거나 불러오지 못했습니다',
  engineDied:
    '엔진이 아무 말 없이 끝났습니다. 브라우저가 엔진의 워커를 닫았으며, 대개 메모리가 모자라서입니다. 가중치의 정밀도, 배치당 선호 쌍 수 또는 `max_length`를 줄이면 메모리가 덜 필요합니다.',
  engineRestarted: '엔진을 다시 시작했습니다.',
  noCheckpoint: ({ run, step }) => `학습 ${run}의 ${step}스텝 체크포인트가 이 브라우저에 더 이상 없습니다.`,
  olderCheckpoint: ({ run, step, last }) =>
    `학습 ${run}의 ${last}스텝 체크포인트가 손상되었거나 없어서, 온전한 것 중 가장 새로운 ${step}스텝부터 이어서 학습합니다.`,
  noSoundCheckpoint: ({ run }) =>
    `학습 ${run}에는 학습에 쓴 선호 쌍까지 온전한 체크포인트가 이 브라우저에 없습니다. 지표와 마지막 어댑터는 그대로입니다. 계속하려면 그 어댑터를 이어받는 새 학습을 시작하십시오.`,
  noAdapter: ({ run }) =>
    `학습 ${run}의 어댑터가 이 브라우저에 없거나, 손상되어 따로 보관했습니다. 체크포인트에서 이어서 학습해 다시 만들거나 다른 학습의 어댑터를 쓰십시오.`,
  nothingHeldOut:
    '평가용으로 나눈 선호 쌍이 없거나 학습할 쌍이 남지 않았습니다. 선호 쌍을 추가하거나, 비율을 바꾸거나, 평가를 끄십시오.',
  trainedElsewhere: ({ run }) => `학습 ${run}은(는) 다른 탭에서 학습하는 중입니다. 먼저 그 탭에서 중지하십시오.`,
  sweepLacksPairs: ({ dataset }) =>
    `이 프런티어의 학습 쌍이 어느 학습 기록에도 남아 있지 않습니다. 데이터 화면에서 데이터셋 ${dataset}을(를) 연 뒤 계속하십시오.`,
  sweepLacksReward: '이 프런티어의 점수를 매기던 보상을 여기서 열 수 없습니다. 치우고 다른 보상으로 새로 시작하십시오.',
  starterFileMissing: ({ path }) =>
    `체험용 파일 ${path}이(가) 서버에 없습니다. Airlock을 설치한 담당자에게 알리십시오. 직접 고른 모델은 그대로 쓸 수 있습니다.`,
  starterSetNotOpened:
    '체험 데이터는 내 데이터와 섞이지 않도록 따로 저장하는데, 브라우저가 저장하지 못했습니다. 저장소에서 공간을 비우고 다시 시도하십시오.',
  pairsNotKept: ({ run }) => `${run} 학습에 쓴 선호 쌍이 이 브라우저에 더 이상 없거나 보관된 적이 없습니다.`,
  folderRefused: ({ reason }) => `브라우저가 쓸 폴더를 내주지 않습니다(${reason}). ZIP 파일로 쓰십시오.`,
  starterNotOpened: '체험용 모델을 열지 못했습니다.',
  bestAtZero: '온도 0에서는 답변이 모두 같아 가장 좋은 것이 없습니다. 샘플링에서 온도를 올리십시오.',
  choicesTooFew: ({ run, count, fewest }) =>
    `${run}에서 점수를 매길 수 있는 평가용 쌍은 ${count}개입니다. ${fewest}개보다 적으면 확신이 맞는지 알 수 없습니다. 평가용 비율을 늘려 학습하십시오.`,
  sweepElsewhere:
    '다른 탭에서 이 프런티어를 진행하고 있습니다. 거기서 학습하고 측정한 것은 여기에도 나타납니다. 여기서 이어 가려면 그 탭에서 멈추십시오.',
  judgeRewardGone:
    '골라 둔 판정 모델이 없어졌습니다. 비교 화면의 프롬프트 묶음을 모델이 판정하게 하거나 다른 보상을 고르십시오.',
  judgeRewardNotKept: ({ judge, base }) =>
    `판정 모델 ${judge}의 베이스 ${base}이(가) 이 브라우저에 없어 불러올 수 없습니다. 모델 화면에서 ${base}을(를) 추가해 한 번 열거나 다른 보상을 고르십시오.`,
  runJudgeGone: ({ judge }) =>
    `이 학습의 답변은 ${judge}이(가) 비교하는데, 그 모델이 이 브라우저에 더 이상 없거나 파일이 그때와 다릅니다. 모델 화면에서 ${judge}을(를) 그때 파일 그대로 추가한 뒤 이어 가거나, 다른 판정 모델로 새로 학습하십시오.`,
  judgeRewardUnknown: ({ judge, there, wanted }) =>
    `${judge}이(가) 얼마나 잘 판정하는지 알 수 없습니다. 함께 판정한 비교가 ${there}개인데 ${wanted}개가 필요합니다. 그 모델이 판정한 프롬프트 묶음에서 더 판정하십시오.`,
  judgeRewardRefused: ({ judge, share, bound }) =>
    `판정 모델 ${judge}은(는) 거부되었습니다. 블라인드 판정과 일치한 비율이 ${share}%인데 ${bound}%가 필요합니다. 프롬프트 묶음에서 다른 모델이나 다른 질문으로 판정하게 하거나 다른 보상을 고르십시오.`,
  rewardRunGone: '골라 둔 보상 모델이 없어졌습니다. 답변을 채점할 다른 것을 고르십시오.',
  rewardRunOther: ({ run, base, model }) =>
    `보상 모델 ${run}은(는) ${base}(으)로 학습한 것이라 ${model}의 답변을 채점하지 못합니다. 이 모델로 학습한 것을 고르거나 ${base}을(를) 여십시오.`,
  bestNeedsRules:
    '이 데이터셋의 규칙으로 답변을 채점하는데 규칙이 아직 없거나 고쳐야 할 규칙이 있습니다. 데이터 화면에서 쓰십시오.',
  judgeNotLoaded: ({ name }) =>
    `판정할 ${name} 모델을 불러오지 못했습니다. 모델 화면에서 이유를 확인하고 불러온 뒤 여기에서 다시 판정하게 하십시오.`,
};
