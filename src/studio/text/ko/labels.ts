import { formatCount } from '../format';
import type { labels as english } from '../en/labels';

export const labels: typeof english = {
  title: '라벨 점검',
  lead: '선택 답변과 거부 답변이 뒤바뀐 것으로 보이는 쌍을 찾습니다. 직접 결정하기 전에는 아무것도 바뀌지 않습니다.',
  noPairs:
    '서로 다른 두 답변이 있는 쌍이 아직 없습니다. 위에서 가져오십시오. 서로 다른 프롬프트가 20개 이상 필요합니다.',
  judge: '판정 기준',
  judges: {
    words: '답변의 단어 (모델 불필요)',
    form: '학습 화면의 설정으로 두 번 실행',
    run: (name) => `${name}의 설정으로 두 번 실행`,
  },
  how: {
    words:
      '답변의 단어에서 보상을 열 번 배우고, 매번 빼 둔 프롬프트 10분의 1을 판정합니다. 표현만으로 좋고 나쁨이 갈리는 데이터에 알맞습니다.',
    runs: '프롬프트를 반으로 나누어 한쪽에서 학습한 실행이 다른 쪽을 보상으로 판정합니다. 학습 한 번만큼 걸리며, 두 실행은 보관되지 않습니다.',
  },
  needsModel: '먼저 모델 화면에서 모델을 여십시오.',
  needsMethod:
    '학습 화면의 설정이 답변을 비교하는 방법이 아니거나 고칠 곳이 있습니다. 거기에서 DPO나 보상 모델을 고르십시오.',
  toTrain: '학습 화면으로',
  start: '라벨 판정',
  again: '다시 판정',
  stop: '판정 중지',
  judging: '라벨 판정 중',
  progress: (share, left) => `${share}${left === null ? '' : ` · 약 ${left} 남음`}`,
  estimate: (share, low, high) => `라벨의 약 ${share}가 틀린 것으로 보입니다(95% 구간 ${low}~${high}).`,
  estimateNone: (high) => `틀린 라벨은 거의 없어 보입니다(95% 구간으로 많아야 ${high}).`,
  basis: (pairs, when) => `${when}, 선호 쌍 ${formatCount(pairs)}개에서 추정`,
  byWords: '답변의 단어로 판정',
  byRuns: (model, settings) => `${model}의 두 실행으로 판정${settings === null ? '' : `(${settings}의 설정)`}`,
  howEstimated:
    '각 쌍은 다른 프롬프트에서 배운 것으로만 판정합니다. 추정값은 그 판정들을 가장 그럴듯하게 설명하는 비율입니다. 배운 것이 적으면 구간이 넓어집니다.',
  changed: (unjudged, gone) =>
    [
      ...(gone > 0 ? [`그 뒤 바뀌거나 삭제된 라벨 ${formatCount(gone)}개`] : []),
      ...(unjudged > 0 ? [`아직 판정하지 않은 쌍 ${formatCount(unjudged)}개`] : []),
    ].join(', '),
  smooth: (value) => `학습의 라벨 스무딩에 ${value} 쓰기`,
  smoothed: (value) => `학습 화면의 라벨 스무딩을 ${value}(으)로 바꿨습니다.`,
  smoothIsSet: (value) => `학습 화면의 라벨 스무딩은 ${value}입니다.`,
  noSmoothing:
    '학습 화면의 설정은 라벨 스무딩을 쓰지 않습니다. DPO에서 손실 “sigmoid”를 고르고 소프트 라벨을 끄십시오.',
  lists: { wrong: '틀린 듯함', contradiction: '모순', tie: '거의 비김' },
  explained: {
    wrong: '판정은 거부 답변 쪽이 낫다고 봅니다.',
    contradiction: '같은 두 답변을 반대로 말하는 다른 쌍이 있습니다. 한쪽을 뒤집거나 빼십시오.',
    tie: '판정이 두 답변의 차이를 거의 보지 못합니다. 배울 것이 적은 쌍입니다.',
  },
  listsLabel: '찾은 것',
  tab: (name, count) => `${name} (${formatCount(count)})`,
  list: (name) => `${name}: 목록`,
  confirmed: (count) => `직접 정한 라벨 ${formatCount(count)}개`,
  none: '여기에는 더 볼 것이 없습니다.',
  more: (count) => `결정하는 대로 ${formatCount(count)}개가 더 나옵니다.`,
  pair: (number) => `${formatCount(number)}번 선호 쌍`,
  place: (at, of) => `${formatCount(of)}개 중 ${formatCount(at)}번째`,
  sure: (share) => `뒤바뀌었을 확률 ${share}`,
  tie: '차이가 보이지 않음',
  keep: '그대로 두기',
  flip: '뒤집기',
  drop: '빼기',
  undo: '되돌리기',
  decide: '결정',
  keys: '목록에서 화살표 키로 고르고 K\u00a0그대로\u00a0두기, F\u00a0뒤집기, D\u00a0빼기, U\u00a0되돌리기.',
  decided: { keep: '그대로 두었습니다.', flip: '뒤집었습니다.', drop: '뺐습니다.' },
  notKept: '검토 내용은 지금 쓸 수 있지만 새로 고치면 사라집니다.',
};
