import type { run as en } from '../../../../messages/english/run';

export const run: typeof en = {
  theRunConfiguration: '실행 설정',
  theseSettings: '이 설정',
  settingsNotMapping: ({ where, value }) =>
    `${where}의 내용이 ${value}입니다. \`method\`, \`learning_rate\` 같은 키와 값이 있어야 합니다.`,
  settingsEmpty: '비어 있음',
  settingsNoMapping: '키와 값이 아님',
  keyUnknown: ({ where, key, known }) =>
    `${where}에 알 수 없는 키 \`${key}\`가 있습니다. 가장 비슷한 키는 \`${known}\`입니다.`,
  settingWithoutEffect: ({ where, keys }) => `${where}: ${keys}은(는) 여기서 효과가 없습니다.`,
  settingsWithoutEffect: ({ where, keys }) => `${where}: ${keys}은(는) 여기서 효과가 없습니다.`,
  settingFixed: ({ where, key, value, taken }) =>
    `${where}: \`${key}\` 값이 ${value}입니다. Airlock은 ${taken}(으)로만 학습합니다. 그렇게 고치거나 이 키를 빼십시오.`,
  settingNeeds: ({ where, key, needed }) => `${where}: \`${key}\`에는 \`${needed}\`도 있어야 합니다.`,
  settingBad: ({ where, key, value, reason }) => `${where}: \`${key}\` 값이 ${value}입니다. ${reason}.`,
  mustBeOneOf: ({ values }) => `다음 중 하나여야 합니다: ${values}`,
  mustBeAtLeast: ({ limit }) => `${limit} 이상이어야 합니다`,
  mustBeAtMost: ({ limit }) => `${limit} 이하여야 합니다`,
  mustBeAbove: ({ limit }) => `${limit}보다 커야 합니다`,
  mustBeBelow: ({ limit }) => `${limit}보다 작아야 합니다`,
  mustBeWhole: '정수여야 합니다',
  mustBeList: '목록이어야 합니다',
  mustBeKind: ({ kind }) => `${kind} 형식이어야 합니다`,
  mustBeNames: '이름 또는 이름의 목록이어야 합니다',
  isNotValid: '올바르지 않습니다',
};
