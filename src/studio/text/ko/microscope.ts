import { formatCount } from '../format';
import type { microscope as english } from '../en/microscope';

export const microscope: typeof english = {
  open: (number) => `${number}번 선호 쌍의 토큰`,
  title: (number) => `학습에서 보는 ${number}번 선호 쌍`,
  waits: '모델을 불러오면 토크나이저가 나눈 토큰이 여기에 나타납니다.',
  reading: '선호 쌍을 인코딩하는 중…',
  warnings: '인코딩에 관한 경고',
  facts: (prompt, kept, cut, endsInEos) =>
    `주어지는 토큰 ${formatCount(prompt)}개, 배우는 토큰 ${formatCount(kept)}개${cut > 0 ? `, 잘린 토큰 ${formatCount(cut)}개` : ''}. ` +
    (endsInEos
      ? '끝이 표시되어 있어 모델이 멈출 곳을 배웁니다(시퀀스 끝 토큰).'
      : '끝이 표시되어 있지 않아 모델이 멈출 곳을 배우지 못합니다(시퀀스 끝 토큰 없음).'),
  tokensOf: (side) => `토큰: ${side}`,
  boundary: '여기에서 프롬프트가 끝나고 답변이 시작됩니다.',
  limit: '여기에서 max_length에 맞춰 자릅니다.',
  joined: (tokens, bytes) => `토큰 ${tokens}개가 한 글자를 이룹니다. 바이트: ${bytes}`,
  mask: (value) => (value === 0 ? '모델에 주어지며 배우지 않음' : '그대로 배움'),
  cut: '잘림',
  notSeen: '최대 길이를 넘어 학습에서 보지 않음',
  end: '끝',
  endMeaning: '모델이 멈출 곳',
};
