import { formatCount, formatShare } from '../format';
import type { quality as english } from '../en/quality';

export const quality: typeof english = {
  label: '선호 쌍 검사',
  check: '검사',
  count: '선호 쌍',
  actions: '조치',
  checking: '선호 쌍을 검사하는 중…',
  clean: (pairs) => `선호 쌍 ${formatCount(pairs)}개에서 중복, 모순, 빈 답변, 반복을 찾지 못했습니다.`,
  show: '보기',
  showEvery: '전체 보기',
  showAll: (check) => `보기: ${check}`,
  fixAll: (check, fix) => `${fix}: ${check}`,
  checks: {
    leftOut: { name: '학습할 수 없는 쌍', why: '이유는 아래 목록에 있습니다. 학습에서 제외됩니다.', fix: '삭제' },
    boundaryMerges: {
      name: '프롬프트와 답변이 경계에서 합쳐짐',
      why: '토크나이저가 두 끝을 합쳐 학습이 답변의 첫 글자와 어긋난 곳에서 시작됩니다. 프롬프트는 공백 없이 끝내고 답변을 공백으로 시작하십시오.',
      fix: '공백 옮기기',
    },
    noEnd: {
      name: '종료 토큰이 없는 답변',
      why: '모델이 어디서 멈출지 배우지 못합니다. 모델 카드에서 다른 채팅 템플릿을 선택하십시오.',
      fix: '모델 화면으로',
    },
    cutOff: {
      name: '최대 길이에서 잘린 답변',
      why: '잘린 끝부분은 배우지 못합니다. 학습 화면에서 최대 길이를 늘리거나 삭제하십시오.',
      fix: '삭제',
    },
    emptyAnswer: { name: '빈 답변', why: '답변의 끝만 배우게 됩니다.', fix: '삭제' },
    emptyPrompt: { name: '빈 질문', why: '프롬프트 없이 답변만 있습니다.', fix: '삭제' },
    plainText: {
      name: '채팅 메시지가 아닌 일반 텍스트',
      why: '질문할 때는 채팅 템플릿을 쓰는데 이 쌍들은 템플릿 없이 학습됩니다.',
      fix: '채팅 메시지로 바꾸기',
    },
    identicalAnswers: { name: '선택 답변과 거부 답변이 같음', why: '선호할 것이 없습니다.', fix: '삭제' },
    contradiction: { name: '모순', why: '다른 쌍이 반대로 말합니다.', fix: '양쪽 모두 삭제' },
    exactDuplicate: { name: '완전한 중복', why: '두 번 반영됩니다.', fix: '삭제' },
    nearDuplicate: { name: '거의 같은 쌍', why: '텍스트의 85% 이상이 앞의 쌍과 같습니다.', fix: '삭제' },
    promptInAnswer: {
      name: '프롬프트를 되풀이하는 답변',
      why: '모델이 프롬프트를 되풀이하도록 배웁니다.',
      fix: '잘라 내기',
    },
    specialTokens: {
      name: '텍스트 속 특수 토큰',
      why: '토크나이저가 제어 토큰으로 읽습니다. 템플릿을 텍스트에 직접 쓴 경우에만 맞습니다.',
      fix: '제거',
    },
    personalData: {
      name: '개인 정보',
      why: '이메일 주소, 전화번호, 주민등록번호, 카드 번호가 있습니다. 모델이 그대로 말할 수 있습니다.',
      fix: '[email], [phone], [id]로 바꾸기',
    },
    markup: { name: '텍스트 속 HTML', why: '모델이 태그를 쓰도록 배웁니다.', fix: '태그 지우기' },
    leakage: { name: '학습에도 있는 평가 프롬프트', why: '평가 점수가 실제보다 좋아집니다.', fix: '평가에서 삭제' },
  },
  search: '선호 쌍 검색',
  filter: '보기',
  allPairs: '모든 선호 쌍',
  sides: { train: '학습', evaluation: '평가' },
  shown: (shown, total) =>
    shown === total ? `선호 쌍 ${formatCount(total)}개` : `선호 쌍 ${formatCount(total)}개 중 ${formatCount(shown)}개`,
  noneShown: '검색과 보기 조건에 맞는 선호 쌍이 없습니다.',
  number: '번호',
  pairTitle: (number) => `${number}번 선호 쌍`,
  thisPair: (number) => `${number}번 쌍:`,
  save: '저장',
  unsaved: '고친 내용이 저장되지 않았습니다.',
  discard: '버리기',
  gone: '다른 탭에서 이 선호 쌍을 변경하거나 삭제했기 때문에 여기서 저장할 수 없습니다. 필요한 내용을 복사한 뒤 선호 쌍을 다시 여십시오.',
  export: 'JSONL 내보내기',
  splitting: {
    share: '평가용 비율',
    help: '프롬프트의 0~90%. 이 선호 쌍은 학습하지 않습니다. 0이면 모두 학습합니다.',
    seed: '나누기 시드',
    seedHelp: '숫자를 바꾸면 다른 프롬프트가 선택됩니다.',
    wrongShare: '0에서 90 사이의 숫자를 입력하십시오.',
    wrongSeed: '0 이상의 정수를 입력하십시오.',
    counts: (train, evaluation) =>
      `학습 ${formatCount(train)}개, 평가 ${formatCount(evaluation)}개. 같은 프롬프트의 쌍은 모두 한쪽에 있습니다.`,
  },
  confound: (isLonger, share, pairs, isWarning) =>
    `길이가 다른 선호 쌍 ${formatCount(pairs)}개 중 ${formatShare(share)}는 읽지 않고 더 ${isLonger ? '긴' : '짧은'} 답변만 골라도 맞습니다. ` +
    (isWarning
      ? '모델이 품질이 아니라 길이를 배울 수 있으니 반대 길이가 이기는 쌍을 추가하십시오.'
      : '길이로는 거의 구별되지 않습니다.'),
  confoundUnknown: '길이가 다른 쌍이 너무 적어 길이만으로 구별되는지 알 수 없습니다.',
  lengths: { tokens: '답변 길이 (토큰)', characters: '답변 길이 (글자)' },
  lengthsAlt: (width, longest) => `0부터 ${formatCount(longest)}까지 ${formatCount(width)} 단위의 히스토그램`,
};
