import type { cli as en } from '../../../../messages/english/cli';

export const cli: typeof en = {
  doctorNeedsBoth: ({ missing }) =>
    `${missing}이(가) 없습니다. 학습으로 라벨을 판단하려면 --model과 --config가 모두 필요하고, 둘 다 없으면 답변의 낱말로 판단합니다.`,
  fileCutWhileRead: ({ path, bytes }) => `${path}이(가) ${bytes}바이트에서 끝납니다. 읽는 동안 잘렸습니다.`,
  directoryUnopened: ({ path, reason }) => `${path}을(를) 디렉터리로 열 수 없습니다: ${reason}.`,
  pathUnreadable: ({ path, reason }) => `${path}을(를) 읽을 수 없습니다: ${reason}.`,
  pathUnwritable: ({ path, reason }) => `${path}에 쓸 수 없습니다: ${reason}.`,
  dataRead: ({ file, format, rows, plan }) => `${file}: ${format}, ${rows}행; ${plan}.`,
  columnsLeftOver: ({ columns }) => `쓰지 않은 열: ${columns}.`,
  rowsTied: ({ count, rows }) => `더 나은 답변이 없어 쌍이 되지 않은 행이 ${count}개입니다: ${rows}.`,
  rowsSkipped: ({ count, of }) => `${of}행 중 ${count}행을 건너뛰었습니다:`,
  roleUnknown: ({ role, roles }) =>
    `--columns에 ${role}이(가) 있습니다. ROLE=COLUMN을 쉼표로 이어 쓰고, 역할은 ${roles} 중에서 쓰십시오.`,
  notYaml: ({ path, reason }) => `${path}은(는) 올바른 YAML이 아닙니다: ${reason}`,
  experimentDiffers: ({ name }) => `${name}: 보고서마다 측정값이 다릅니다. 설정과 프롬프트가 같은 보고서만 합치십시오.`,
  experimentUnknown: ({ name }) =>
    `${name}이라는 실험이 없습니다. sentiment, summarization, dialogue 중 하나를 쓰십시오.`,
  judgePromptUnknown: ({ name, names }) =>
    `질문 ${name}: 그런 파일이 없고 ${names} 중 하나도 아닙니다. 이 중 하나를 쓰거나, 판정 모델이 답할 질문을 적은 텍스트 파일을 지정하십시오.`,
  judgeRubricEmpty: ({ name }) =>
    `${name}: 빈 파일입니다. "어느 답변이 더 정중합니까?"처럼 판정 모델이 답할 질문을 적으십시오.`,
  judgeLineBroken: ({ file, row, reason }) =>
    `${file} ${row}번째 줄은 JSON이 아닙니다(${reason}). 줄마다 {"prompt": "…", "answer_a": "…", "answer_b": "…"} 꼴이어야 합니다.`,
  judgeLineNoObject: ({ file, row, seen }) =>
    `${file} ${row}번째 줄의 ${seen}은(는) 객체가 아닙니다. 줄마다 {"prompt": "…", "answer_a": "…", "answer_b": "…"} 꼴이어야 합니다.`,
  judgeFieldBad: ({ file, row, field, seen }) =>
    `${file} ${row}번째 줄: "${field}" 값이 ${seen}입니다. "prompt", "answer_a", "answer_b"는 모두 텍스트여야 합니다.`,
  judgeHumanBad: ({ file, row, seen }) =>
    `${file} ${row}번째 줄: "human" 값이 ${seen}입니다. "a", "b", "tie" 중 하나여야 하며, 판정한 사람이 없으면 빼십시오.`,
  judgeNoPairs: ({ file }) =>
    `${file}: 읽을 줄이 없습니다. 줄마다 {"prompt": "…", "answer_a": "…", "answer_b": "…"} 꼴이어야 합니다.`,
  modelAndShape: '--model과 --shape가 함께 있습니다. 하나만 쓰십시오.',
  browserTakesShape: '--browser는 무작위 가중치로 잽니다. --model 대신 --shape를 쓰십시오.',
  browserIsFloat32: '--browser는 float32로 잽니다. --precision은 따로 쓰십시오.',
  profileNeedsBrowser: '--profile은 페이지의 콘솔을 읽습니다. --browser와 함께 쓰십시오.',
  noBrowserFound: 'Chrome이나 Chromium을 찾지 못했습니다. 설치하거나 CHROME_PATH에 적으십시오.',
  directoryNotEmpty: ({ path, file }) =>
    `${path}에 이미 ${file} 파일이 있습니다. 다른 내보내기와 섞이지 않도록 새 폴더나 빈 폴더를 지정하십시오.`,
};
