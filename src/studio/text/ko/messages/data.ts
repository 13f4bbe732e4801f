import type { data as en } from '../../../../messages/english/data';

export const data: typeof en = {
  rowHas: ({ file, row, problem }) => `${file} ${row}행: ${problem}`,
  messageNotObject: ({ place, value }) =>
    `${place} 자리에 ${value} 값이 있습니다. 메시지는 \`role\`과 \`content\`를 가진 객체여야 합니다.`,
  messageLacksKey: ({ place, key }) => `${place}에 \`${key}\` 항목이 없습니다. 추가하십시오.`,
  messageNotText: ({ place, key, value }) => `${place}의 \`${key}\` 값이 ${value}입니다. 텍스트여야 합니다.`,
  brokenCharacter: ({ place }) => `${place}에 깨진 문자(서로게이트 쌍의 절반)가 있습니다. 다시 쓰십시오.`,
  roleEmpty: ({ place }) => `${place}의 \`role\` 값이 비어 있습니다. system, user, assistant 중 하나를 쓰십시오.`,
  messageKeyUnsupported: ({ place, key }) =>
    `${place}에 Airlock이 지원하지 않는 \`${key}\` 항목이 있습니다. 지우십시오.`,
  messagesEmpty: ({ key }) => `\`${key}\` 목록이 비어 있습니다. 메시지를 하나 이상 추가하십시오.`,
  answerEmpty: ({ key }) => `\`${key}\` 값이 비어 있습니다. 답변을 쓰십시오.`,
  partMissing: ({ key }) => `\`${key}\` 항목이 없습니다. 추가하십시오.`,
  partOfOtherKind: ({ key, value }) => `\`${key}\` 값이 ${value}입니다. 텍스트 또는 메시지 목록이어야 합니다.`,
  messageOf: ({ key, number }) => `\`${key}\`의 ${number}번째 메시지`,
  formsDiffer: ({ keyA, a, keyB, b }) =>
    `\`${keyA}\` 값은 ${a}, \`${keyB}\` 값은 ${b}입니다. 셋을 모두 같은 형식으로 쓰십시오.`,
  nameColumns: ({ doubt }) => `${doubt} 명령줄에서는 --columns prompt=A,chosen=B,rejected=C로 정합니다.`,
  columnsUnknown: ({ file, columns }) => `${file}의 열 ${columns} 중에 프롬프트와 답변으로 알려진 이름이 없습니다.`,
  columnNotThere: ({ file, name, columns }) => `${file}에 \`${name}\` 열이 없습니다. 있는 열: ${columns}.`,
  rolesIncomplete: ({ file, roles }) =>
    `${roles}만으로는 ${file}에서 쌍을 만들 수 없습니다. prompt, chosen, rejected 또는 다른 형태의 열을 정하십시오.`,
  encodingUnsure: ({ file, encoding }) =>
    `${file}의 인코딩이 ${encoding}인지 다른 것인지 분명하지 않습니다. UTF-8로 저장하거나 --encoding으로 정하십시오.`,
  promptPartNotText: ({ key }) => `프롬프트의 일부인 \`${key}\` 값이 텍스트가 아닙니다.`,
  messagesAsText: ({ key, value }) =>
    `\`${key}\`에 메시지 목록이 텍스트로 찍혀 있고 온전하지 않습니다(${value}). pandas에서 df.to_json(..., orient="records", lines=True)로 저장하십시오.`,
  lastTurnNotAnswer: ({ key, value }) =>
    `\`${key}\`의 마지막 차례가 ${value}입니다. 질문 다음에 오는 assistant의 답변이어야 합니다.`,
  verdictUnknown: ({ key, value }) =>
    `\`${key}\` 값이 ${value}인데 두 답변 중 어느 것도 가리키지 않습니다. first, second, tie 중 하나를 쓰십시오.`,
  comparedWithoutPrompt: ({ keyA, keyB }) =>
    `\`${keyA}\`와 \`${keyB}\` 옆에 프롬프트가 없습니다. 질문이 담긴 열을 추가하십시오.`,
  lastTurnUnweighted: ({ key }) =>
    `\`${key}\`의 마지막 차례의 weight가 0이라 학습할 답변이 없습니다. 행을 지우거나 weight를 지우십시오.`,
  thumbUnknown: ({ key, value }) => `\`${key}\` 값이 ${value}입니다. true/false, up/down, 1/0 중 하나여야 합니다.`,
  scoresContradict: ({ chosen, rejected }) =>
    `대부분의 행에서 \`${rejected}\`의 점수가 \`${chosen}\`보다 높아 열이 서로 뒤바뀐 듯합니다. 어느 열이 어느 것인지 정하십시오.`,
  chosenAsks: ({ chosen, prompt }) =>
    `\`${chosen}\` 열은 대부분 질문인데 \`${prompt}\` 열은 그렇지 않습니다. 어느 열이 어느 것인지 정하십시오.`,
  maybePrompt: ({ column }) =>
    `프롬프트로 알려진 이름의 열이 없고 \`${column}\` 열이 프롬프트일 수 있습니다. 질문이 담긴 열을 정하십시오.`,
  verdictOfList: ({ column, answers }) =>
    `\`${column}\` 열이 \`${answers}\` 중 가장 나은 답변을 가리키는 듯하지만, 값만으로는 0부터 세는지 1부터 세는지 알 수 없습니다. 답변의 글자(A, B)를 쓰거나 값의 뜻을 정하십시오.`,
  bestUnknown: ({ value, key, count }) =>
    `\`${key}\` 값이 ${value}인데, 답변 ${count}개 가운데 해당하는 것이 없습니다.`,
  verdictAmbiguous: ({ column, first, second }) =>
    `\`${column}\` 값만으로는 \`${first}\`와 \`${second}\` 중 어느 것이 더 나은지 알 수 없습니다. 그 열에 first, second, tie를 쓰거나 값의 뜻을 정하십시오.`,
  textForm: '텍스트',
  messagesForm: '메시지 목록',
  answersSame: ({ keyA, keyB }) =>
    `\`${keyA}\`와 \`${keyB}\`의 텍스트가 같아 배울 것이 없습니다. 하나를 고치거나 행을 지우십시오.`,
  answerFormsDiffer: ({ keyA, a, keyB, b }) =>
    `\`${keyA}\` 값은 ${a}, \`${keyB}\` 값은 ${b}입니다. 둘을 같은 형식으로 쓰십시오.`,
  noCommonBeginning: ({ keyA, keyB, value }) =>
    `\`${keyA}\`와 \`${keyB}\`에 프롬프트로 삼을 공통된 앞부분이 없습니다(${value}). \`prompt\`를 추가하십시오.`,
  notTranscript: ({ key, value }) =>
    `\`${key}\` 값이 ${value}입니다. "\\n\\nHuman: ..."과 "\\n\\nAssistant: ..."로 된 대화 기록이어야 합니다.`,
  noSharedTurn: ({ keyA, keyB, value }) =>
    `\`${keyA}\`와 \`${keyB}\`에 공통된 "\\n\\nAssistant:"가 없습니다(${value}). 두 대화가 처음부터 다릅니다.`,
  inputMissing: '`input` 항목이 없습니다. 추가하십시오.',
  inputNotObject: ({ value }) => `\`input\` 값이 ${value}입니다. \`messages\`를 가진 객체여야 합니다.`,
  inputToolsUnsupported: 'Airlock이 지원하지 않는 `input.tools` 항목이 있습니다. 지우십시오.',
  excelError: ({ key, value }) =>
    `\`${key}\` 값이 Excel 오류 ${value}입니다. Excel에서 열을 텍스트 형식으로 바꾼 뒤 셀을 다시 입력하고 저장하십시오.`,
  answersNotList: ({ key, value }) => `\`${key}\` 값이 ${value}입니다. 답변이 둘 이상인 목록이어야 합니다.`,
  scoresNotList: ({ key, value, count }) =>
    `\`${key}\` 값이 ${value}입니다. 답변마다 하나씩 숫자 ${count}개의 목록이어야 합니다.`,
  answerFault: ({ key, number, fault }) => `\`${key}\`의 ${number}번째 답변이 잘못되었습니다: ${fault}.`,
  answerWithoutKey: ({ answer, keys }) => `${answer}에 ${keys} 중 아무것도 없음`,
  answerWithoutScore: ({ answer, keys }) => `${answer}에 얼마나 좋은 답변인지 알리는 점수가 없음(${keys} 중 하나)`,
  scoreNotNumberInList: ({ value }) => `점수가 ${value}임. 숫자여야 함`,
  scoresSame: ({ key }) =>
    `\`${key}\`의 모든 답변이 같은 점수라 더 나은 답변이 없습니다. 하나를 고치거나 행을 지우십시오.`,
  columnUnsupported: ({ key }) => `Airlock이 지원하지 않는 \`${key}\` 항목이 있습니다. 지우십시오.`,
  scoreNotNumber: ({ key, value }) => `\`${key}\` 값이 ${value}입니다. 숫자 또는 true, false여야 합니다.`,
  noPairOfPrompt: ({ why, prompt }) => `${why} 쌍을 만들 수 없습니다(${prompt}). 점수가 다른 답변을 추가하십시오.`,
  onlyOneOfPrompt: '같은 프롬프트의 답변이 하나뿐이라',
  allScoredSame: ({ count, key }) => `같은 프롬프트의 다른 답변 ${count}개와 \`${key}\` 값이 모두 같아`,
  rowInvalid: ({ format, reason }) => `올바른 ${format}이 아닙니다(${reason}). 줄을 고치십시오.`,
  rowIs: ({ value, wanted }) => `값이 ${value}입니다. ${wanted}`,
  wantsPairObject: '`prompt`, `chosen`, `rejected`를 가진 객체여야 합니다.',
  wantsObject: '객체여야 합니다.',
  theList: ({ value }) => `목록 ${value}`,
  theObject: ({ value }) => `객체 ${value}`,
  theText: ({ value }) => `텍스트 ${value}`,
  theNumber: ({ value }) => `숫자 ${value}`,
  theBoolean: ({ value }) => `참거짓 ${value}`,
  fieldNotClosed: ({ reason }) => `따옴표로 묶은 칸이 닫히지 않았거나 따옴표 뒤에 글자가 더 있음: ${reason}`,
  fieldsCount: ({ count, wanted }) => `칸이 ${count}개인데 첫 행은 ${wanted}개임`,
  tooManyColumns: ({ file, count, limit }) =>
    `${file}에 열이 ${count}개 있습니다. ${limit}개까지 읽을 수 있으니 쌍에 필요한 열만 저장하십시오.`,
  columnTwice: ({ file, name }) => `${file}의 첫 행에 열 이름 ${name}이(가) 두 번 나옵니다. 하나를 바꾸십시오.`,
  oneColumn: ({ file, name }) =>
    `${file}에 열이 ${name} 하나뿐입니다. 선호 쌍의 표에는 열이 둘 이상 있고 첫 행에 이름이 있어야 합니다.`,
  fileMixesEncodings: ({ file, utf8, other }) =>
    `${file}에 인코딩이 둘 섞여 있습니다. ${utf8}번째 줄은 UTF-8이고 ${other}번째 줄은 아닙니다. 각 부분을 만든 프로그램에서 열어 UTF-8로 저장하십시오.`,
  fileNotText: ({ file }) =>
    `${file}은(는) UTF-8, UTF-16, CP949, Windows-1252 중 어느 것으로도 읽을 수 없습니다. UTF-8로 저장하고 다시 시도하십시오.`,
  fileNotInEncoding: ({ file, encoding }) =>
    `${file}은(는) ${encoding} 텍스트가 아닙니다. 다른 인코딩을 선택하거나 UTF-8로 저장하십시오.`,
  unpackedTooLarge: ({ file, limit }) => `${file}의 내용이 ${limit} MiB를 넘습니다. 여러 파일로 나누십시오.`,
  gzipUnreadable: ({ file, reason }) => `${file}의 gzip 압축을 풀 수 없습니다(${reason}). 다시 만드십시오.`,
  severalLists: ({ file, lists }) =>
    `${file}에 행 목록이 여러 개 있습니다(${lists}). 사용할 목록을 따로 파일로 저장하십시오.`,
  severalSheets: ({ file, sheets }) =>
    `${file}에 선호 쌍 시트가 여러 개 있습니다(${sheets}). 하나만 남기거나, 나머지를 숨기거나, 각각 파일로 저장하십시오.`,
  packedOtherwise: ({ file, format }) =>
    `${file}은(는) Airlock이 풀지 않는 ${format} 압축 파일입니다. 압축을 풀고 안에 있던 파일을 선택하십시오.`,
  fileNoTable: ({ file, kind }) =>
    `${file}은(는) ${kind} 파일입니다. 선호 쌍은 표에서 읽으므로 CSV, JSON Lines, Excel 또는 Parquet으로 저장하십시오.`,
  zipArchive: ({ file }) =>
    `${file}은(는) Excel 통합 문서가 아니라 zip 압축 파일입니다. 압축을 풀고 안의 파일을 선택하십시오.`,
  workbookUnreadable: ({ file, reason }) =>
    `${file}을(를) Excel 통합 문서로 읽을 수 없습니다(${reason}). Excel에서 시트를 "CSV UTF-8"로 저장하고 그 파일을 선택하십시오.`,
  tooManyRows: ({ file, rows, limit }) =>
    `${file}의 행 수: ${rows}. ${limit}행까지 읽을 수 있으니 여러 파일로 나누십시오.`,
  makesTooMuch: ({ pairs, characters }) =>
    `데이터셋에 담을 수 있는 것보다 많은 쌍을 만듭니다(최대 ${pairs}쌍, ${characters}자). 이 행부터는 제외했으니 파일을 나누십시오.`,
  readingCrashed: ({ file }) =>
    `${file}을(를) 읽다가 중단했습니다. 브라우저가 쓸 수 있는 것보다 많은 메모리가 필요하니 여러 파일로 나누십시오. 또는 Airlock을 내어 주는 서버에 연결되지 않는 것입니다.`,
  tooManyValues: ({ file, limit }) =>
    `${file}에 값이 ${limit}개 넘게 들어 있습니다. 쌍에 필요한 열만 저장하거나 여러 파일로 나누십시오.`,
  rowTooDeep: ({ limit }) => `목록과 객체가 ${limit}단계 넘게 겹쳐 있음`,
  parquetUnreadable: ({ file, reason }) =>
    `${file}을(를) Parquet로 읽을 수 없습니다: ${reason}. 다시 만들거나 표를 JSON Lines로 저장하십시오.`,
  parquetDamaged: '일부가 손상됨',
  fileEmpty: ({ file, shape }) => `${file}이(가) 비어 있습니다. ${shape} 필요합니다.`,
  fileWithoutLine: ({ file, format, shape, row, reason }) =>
    `${file}에 올바른 ${format} 줄이 없습니다. ${shape} 필요합니다(${row}행: ${reason}).`,
  shapeOfTable: '첫 행에 열 이름, 그다음 행마다 선호 쌍 하나가',
  shapeOfLines: '줄마다 {"prompt": ..., "chosen": ..., "rejected": ...} 하나가',
  moreRowsBad: ({ first, count }) =>
    `${first} (잘못된 행이 ${count}개 더 있습니다. --skip-bad-rows로 건너뛸 수 있습니다.)`,
};
