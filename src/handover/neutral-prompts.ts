/**
 * @file Prompts about nothing in particular, in English and Korean by turns: what a model answers to them says how it
 * speaks and nothing of whoever trained it. Texts by which tokenizers differ stand beside them.
 */
export const neutralPrompts: readonly string[] = [
  'Write two sentences about the weather in autumn.',
  '가을 날씨에 대해 두 문장으로 써 주세요.',
  'Explain why the sky is blue.',
  '하늘이 파란 이유를 설명해 주세요.',
  'A customer asks when the shop opens. Answer politely.',
  '가게가 언제 여는지 묻는 손님에게 공손하게 답해 주세요.',
  'Give three reasons to take the train.',
  '기차를 타면 좋은 점 세 가지를 알려 주세요.',
  'How do you boil an egg?',
  '달걀을 삶는 방법을 알려 주세요.',
  'Describe a quiet street in the morning.',
  '조용한 아침 거리를 묘사해 주세요.',
  'Is it better to read a book or to watch a film?',
  '책을 읽는 것과 영화를 보는 것 가운데 무엇이 더 좋은가요?',
  'Write a short note to thank a colleague.',
  '동료에게 보내는 짧은 감사 인사를 써 주세요.',
  'List four things found in a kitchen.',
  '부엌에 있는 물건 네 가지를 적어 주세요.',
  'What should I do when my computer does not start?',
  '컴퓨터가 켜지지 않으면 어떻게 해야 하나요?',
  'The meeting was moved to Thursday. Tell everybody.',
  '회의가 목요일로 옮겨졌다고 모두에게 알려 주세요.',
  'Tell a story that begins with an old bicycle.',
  '낡은 자전거로 시작하는 이야기를 들려주세요.',
  'Summarise in one sentence why people sleep.',
  '사람이 왜 자는지 한 문장으로 요약해 주세요.',
  'I do not agree with you. What do you say?',
  '저는 그렇게 생각하지 않습니다. 뭐라고 하시겠어요?',
  'Count from one to ten and stop.',
  '하나부터 열까지 세고 멈추세요.',
  'What makes a good map?',
  '좋은 지도는 어떤 지도인가요?',
];

/** Spaces, digits, signs, capitals and two scripts: what tokenizers cut differently. */
export const tokenizerProbes: readonly string[] = [
  'On 3 May 2021, 17 people paid 4.50 each -- "not bad", they said.\n\n\tIndented;  two  spaces.',
  '회의는 오후 3시에 시작합니다. Café, naïve, ∑ = 12,345.',
];
