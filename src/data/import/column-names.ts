/**
 * @file What columns are called: the names of each part in English and Korean, with or without spaces, and pairs of
 * names that differ in one mark (answer 1 and answer 2, response_a and response_b).
 */

/** A name without case, spaces and signs: "Good Answer (1)" is "goodanswer1". */
export const plainName = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** Every word alone, and before and after each noun. */
const combined = (words: readonly string[], nouns: readonly string[]): string[] =>
  words.flatMap((word) => [word, ...nouns.flatMap((noun) => [word + noun, noun + word])]);

const nouns = [
  ...['answer', 'response', 'output', 'completion', 'reply', 'text', 'message', 'example'],
  ...['messages', 'conversation', 'conversations', 'dialogue', 'chat', 'summary'],
];
/** Chinese and Japanese. */
const hanNouns = ['回答', '答案', '回复', '答复', '应答', '応答', '返答', '出力', '输出'];
const koreanNouns = ['답변', '응답', '답', '대답', '출력', '예시', '예', '답안'];

/** The first name of each list is the shape's own. */
const names = {
  prompt: [
    ...['prompt', 'question', 'instruction', 'query', 'request', 'userprompt', 'usermessage', 'userinput', 'user'],
    ...['questiontext', 'prompttext', 'problem', 'ask', 'inquiry', 'customermessage', 'customerquestion'],
    ...[
      '질문',
      '프롬프트',
      '지시',
      '지시문',
      '지시사항',
      '문의',
      '문의내용',
      '문의사항',
      '질의',
      '요청',
      '요청사항',
      '물음',
      '문제',
    ],
    ...['질문내용', '사용자질문', '고객질문', '고객문의', '사용자입력'],
    ...['问题', '提问', '提示', '提示词', '指令', '問題', '質問', '質問文', '指示', 'プロンプト', '依頼', '問い合わせ'],
  ],
  /** Parts that are a prompt where nothing else is. */
  context: [
    ...['input', 'context', 'history', 'post', 'conversation', 'conversations', 'dialogue', 'dialog', 'messages'],
    ...['trajectory', 'contents', '입력', '맥락', '문맥', '대화', '대화기록', '이전대화'],
  ],
  messages: ['messages', 'conversations', 'conversation', 'contents', 'dialogue', 'dialog', '대화'],
  chosen: [
    'chosen',
    ...combined(['preferred', 'accepted', 'better', 'best', 'good', 'winning', 'positive', 'correct', 'ideal'], nouns),
    ...combined(['chosen', 'desired', 'right', 'selected', 'safe', 'approved'], nouns).filter(
      (name) => name.length > 8,
    ),
    ...['winner', 'win', 'pos', 'preferredoutput'],
    // Of papers, y_w and y_l; of StackLLaMA, response_j and response_k.
    ...['yw', 'responsew', 'answerw', 'completionw', 'responsej'],
    ...combined(
      ['좋은', '더좋은', '나은', '더나은', '선호', '선호하는', '선호된', '선택', '선택된', '선택한'],
      koreanNouns,
    ),
    ...combined(
      ['채택', '채택된', '모범', '바람직한', '우수', '우수한', '적절한', '올바른', '추천', '긍정', '맞는'],
      koreanNouns,
    ),
    '정답',
    ...combined(
      ['好的', '更好的', '较好的', '好', '优选', '选中', '采纳', '正确', '良い', 'よい', 'より良い'],
      hanNouns,
    ),
    ...combined(['好ましい', '選択', '選ばれた', '採用', '正しい'], hanNouns),
  ],
  rejected: [
    'rejected',
    ...combined(['dispreferred', 'nonpreferred', 'worse', 'worst', 'bad', 'losing', 'negative', 'incorrect'], nouns),
    ...combined(['rejected', 'undesired', 'wrong', 'unpreferred', 'refused', 'unsafe', 'declined'], nouns),
    ...['loser', 'lose', 'neg'],
    ...['yl', 'responsel', 'answerl', 'completionl', 'responsek'],
    ...combined(
      ['나쁜', '더나쁜', '안좋은', '못한', '비선호', '선호하지않는', '거부', '거부된', '거절', '거절된'],
      koreanNouns,
    ),
    ...combined(
      ['불채택', '미채택', '탈락', '바람직하지않은', '부적절한', '잘못된', '틀린', '비추천', '부정'],
      koreanNouns,
    ),
    '오답',
    ...combined(['差的', '较差的', '更差的', '坏', '差', '拒绝', '未采纳', '错误', '悪い', 'より悪い'], hanNouns),
    ...combined(['好ましくない', '却下', '不採用', '間違った', '誤った'], hanNouns),
  ],
  answers: [
    'answers',
    'responses',
    'completions',
    'ranking',
    'ranked',
    'outputs',
    'candidates',
    'generations',
    '답변들',
    '응답들',
  ],
  answer: [
    ...['completion', 'response', 'answer', 'output', 'text', 'reply', 'assistant', 'target', 'modelresponse'],
    ...['답변', '응답', '답', '대답', '출력', '답변내용', '회신'],
    ...hanNouns,
  ],
  score: [
    ...['score', 'rating', 'label', 'reward', 'overallscore', 'overallrating', 'overall', 'quality', 'helpfulness'],
    ...['stars', 'grade', '점수', '평점', '별점', '평가점수', '총점', '품질'],
  ],
  scores: ['scores', 'ratings', 'rewards', 'ranks'],
  label: [
    ...[
      'ktotag',
      'label',
      'thumbs',
      'thumb',
      'feedback',
      'thumbsup',
      'liked',
      'isgood',
      'good',
      'desirable',
      'rating',
      'score',
    ],
    ...['라벨', '평가', '좋아요', '추천여부', '만족여부', '적절여부'],
  ],
  system: ['system', 'systemprompt', 'systemmessage', 'sysprompt', '시스템', '시스템프롬프트', '시스템메시지'],
  history: ['history', 'chathistory', 'conversationhistory', '대화기록', '이전대화', '대화이력'],
  input: [
    ...['input', 'context', 'passage', 'document', 'additionalinput', 'reference'],
    ...['입력', '맥락', '문맥', '배경', '지문', '본문', '참고자료'],
  ],
  margin: ['margin', '마진'],
  chosenScore: [
    'chosenscore',
    'scorechosen',
    'chosenrating',
    'ratingchosen',
    'chosenreward',
    '좋은답변점수',
    '선호점수',
  ],
  rejectedScore: [
    'rejectedscore',
    'scorerejected',
    'rejectedrating',
    'ratingrejected',
    'rejectedreward',
    '나쁜답변점수',
  ],
  better: [
    ...[
      'better',
      'betterresponseid',
      'betterid',
      'betteranswer',
      'betterresponse',
      'winner',
      'preference',
      'preferred',
    ],
    ...[
      'choice',
      'label',
      'labels',
      'selected',
      'verdict',
      'judgement',
      'judgment',
      'overallpreference',
      'preferencestrength',
      'pw',
      'pairwise',
    ],
    ...['humanpreference', 'preferredresponse', 'preferredanswer', 'chosen', 'best', 'comparison'],
    ...['更好', '胜者', '偏好', '优胜', '良い方', '勝者', '好み', '選好'],
    ...['선호', '선택', '승자', '더나은답변', '나은답변', '더좋은답변', '좋은답변', '선택한답변', '우수답변', '판정'],
  ],
} as const satisfies Record<string, readonly string[]>;

export type NamedRole = keyof typeof names;

/** Characters that a column's name has at most: more is a text, which may be as long as a file and all of brackets. */
const longestName = 500;

/** A name without what stands in brackets: "Good answer (agent A)". */
const withoutRemark = (name: string): string =>
  name.length > longestName ? '' : plainName(name.replace(/\([^)]*\)|\[[^\]]*\]|（[^）]*）/g, ''));

/**
 * The first column that has a name of this role, in the order of the names; null without one. Remarks in brackets count
 * only where they tell columns apart.
 */
export function findNamed(columns: readonly string[], role: NamedRole): string | null {
  const own = columns.find((column) => isOwnName(column, role));
  if (own !== undefined) return own;
  const bare = columns.map(withoutRemark);
  const isOne = (name: string) => name !== '' && bare.indexOf(name) === bare.lastIndexOf(name);
  const forms = [columns.map(plainName), bare.map((name) => (isOne(name) ? name : null))];
  for (const plain of forms)
    for (const name of names[role]) {
      const at = plain.indexOf(name);
      if (at >= 0) return columns[at] ?? null;
    }
  return null;
}

/** Whether the column bears the very name that the shape gives this part. */
export const isOwnName = (column: string, role: string): boolean =>
  (names as Record<string, readonly string[]>)[role]?.[0] === column;

const markPairs: readonly (readonly [string, string])[] = [
  ...([
    ['a', 'b'],
    ['1', '2'],
    ['0', '1'],
    ['left', 'right'],
    ['first', 'second'],
    ['one', 'two'],
  ] as const),
  ...([
    ['x', 'y'],
    ['가', '나'],
    ['i', 'ii'],
  ] as const),
];

/** "human_ref_A" is human, ref, a; "answer1" is answer, 1. */
const tokensOf = (name: string): readonly string[] =>
  (name.normalize('NFC').match(/\p{Lu}?\p{Ll}+|\p{Lu}+|\p{N}+|[\p{Lo}]+/gu) ?? []).map((token) => token.toLowerCase());

/** The one token in which a name differs from another of the same tokens; null where they differ otherwise. */
export function sideOf(name: string, other: string): string | null {
  const [own, others] = [tokensOf(name), tokensOf(other)];
  const differing = own.flatMap((token, i) => (token === others[i] ? [] : [i]));
  return own.length !== others.length || differing.length !== 1 ? null : (own[differing[0] ?? 0] ?? null);
}

/** All pairs of columns whose names differ in a mark alone, the first one first. */
export function markedPairs(columns: readonly string[]): readonly (readonly [string, string])[] {
  return columns.flatMap((first) =>
    columns.flatMap((second) => {
      const [mark, other] = [sideOf(first, second), sideOf(second, first)];
      return markPairs.some(([a, b]) => a === mark && b === other) ? [[first, second] as const] : [];
    }),
  );
}

/** Whether a name has one of the words that answers are called by. */
export const namesAnswer = (name: string): boolean =>
  tokensOf(name).some((token) =>
    /^(answer|response|ref|completion|output|reply|conversation|text|candidate|generation|답변|응답|답|대답|回答|答案|回复|応答)s?$/.test(
      token,
    ),
  );
