/**
 * @file Korean for what the readers of pairs and the encoder say. Keys are the English sentences, {names} what stands
 * in them.
 */

/** Ends of "Row 3 of pairs.jsonl ...", and whole where a pair is edited. */
export const rowProblems: Readonly<Record<string, string>> = {
  'has {value} as {place}; a message is an object with `role` and `content`.':
    '{place} 자리에 {value} 값이 있습니다. 메시지는 `role`과 `content`를 가진 객체여야 합니다.',
  'has no `{key}` in {place}; add it.': '{place}에 `{key}` 항목이 없습니다. 추가하십시오.',
  'has {value} as the `{key}` of {place}; it must be text.': '{place}의 `{key}` 값이 {value}입니다. 텍스트여야 합니다.',
  'has a broken character (half of a surrogate pair) in {place}; write it again.':
    '{place}에 깨진 문자(서로게이트 쌍의 절반)가 있습니다. 다시 쓰십시오.',
  'has an empty `role` in {place}; use system, user or assistant.':
    '{place}의 `role` 값이 비어 있습니다. system, user, assistant 중 하나를 쓰십시오.',
  'has `{key}` in {place}, which Airlock does not support; remove it.':
    '{place}에 Airlock이 지원하지 않는 `{key}` 항목이 있습니다. 지우십시오.',
  'has an empty list as `{key}`; add at least one message.':
    '`{key}` 목록이 비어 있습니다. 메시지를 하나 이상 추가하십시오.',
  'has an empty `{key}`; write the answer.': '`{key}` 값이 비어 있습니다. 답변을 쓰십시오.',
  'has no `{key}`; add it.': '`{key}` 항목이 없습니다. 추가하십시오.',
  'has {value} as `{key}`; it must be text or a list of messages.':
    '`{key}` 값이 {value}입니다. 텍스트 또는 메시지 목록이어야 합니다.',
  'has {a} as `{keyA}` and {b} as `{keyB}`; write all three in the same form.':
    '`{keyA}` 값은 {a}, `{keyB}` 값은 {b}입니다. 셋을 모두 같은 형식으로 쓰십시오.',
  'has the same text as `{keyA}` and `{keyB}`, so there is nothing to learn; change one or remove the row.':
    '`{keyA}`와 `{keyB}`의 텍스트가 같아 배울 것이 없습니다. 하나를 고치거나 행을 지우십시오.',
  'has {a} as `{keyA}` and {b} as `{keyB}`; write both in the same form.':
    '`{keyA}` 값은 {a}, `{keyB}` 값은 {b}입니다. 둘을 같은 형식으로 쓰십시오.',
  'has no common beginning of `{keyA}` and `{keyB}` to take as the prompt ({value}); add a `prompt`.':
    '`{keyA}`와 `{keyB}`에 프롬프트로 삼을 공통된 앞부분이 없습니다({value}). `prompt`를 추가하십시오.',
  'has {value} as `{key}`; it must be a transcript of "\\n\\nHuman: ..." and "\\n\\nAssistant: ...".':
    '`{key}` 값이 {value}입니다. "\\n\\nHuman: ..."과 "\\n\\nAssistant: ..."로 된 대화 기록이어야 합니다.',
  'has no "\\n\\nAssistant:" that `{keyA}` and `{keyB}` share ({value}); the two conversations differ from the start.':
    '`{keyA}`와 `{keyB}`에 공통된 "\\n\\nAssistant:"가 없습니다({value}). 두 대화가 처음부터 다릅니다.',
  'has no `input`; add it.': '`input` 항목이 없습니다. 추가하십시오.',
  'has {value} as `input`; it must be an object with `messages`.':
    '`input` 값이 {value}입니다. `messages`를 가진 객체여야 합니다.',
  'has `input.tools`, which Airlock does not support; remove it.':
    'Airlock이 지원하지 않는 `input.tools` 항목이 있습니다. 지우십시오.',
  'has {value} as `{key}`; it must be a list of two answers or more.':
    '`{key}` 값이 {value}입니다. 답변이 둘 이상인 목록이어야 합니다.',
  'has {value} as `{key}`; it must be a list of {count} numbers, one for each answer.':
    '`{key}` 값이 {value}입니다. 답변마다 하나씩 숫자 {count}개의 목록이어야 합니다.',
  'has in answer {number} of `{key}` {what}.': '`{key}`의 {number}번째 답변이 잘못되었습니다: {what}.',
  'has the same score for all answers of `{key}`, so none is better; change one or remove the row.':
    '`{key}`의 모든 답변이 같은 점수라 더 나은 답변이 없습니다. 하나를 고치거나 행을 지우십시오.',
  'has `{key}`, which Airlock does not support; remove it.':
    'Airlock이 지원하지 않는 `{key}` 항목이 있습니다. 지우십시오.',
  'has {value} as `{key}`; it must be a number, or true or false.':
    '`{key}` 값이 {value}입니다. 숫자 또는 true, false여야 합니다.',
  '{why}, so there is no pair ({prompt}); add an answer with another score.':
    '{why} 쌍을 만들 수 없습니다({prompt}). 점수가 다른 답변을 추가하십시오.',
  'is not valid {format} ({reason}); correct the line.': '올바른 {format}이 아닙니다({reason}). 줄을 고치십시오.',
  'is {value}; {wanted}': '값이 {value}입니다. {wanted}',
};

export const data: Readonly<Record<string, string>> = {
  '{answer} without one of {keys}': '{answer}에 {keys} 중 아무것도 없음',
  '{value} as its score; it must be a number': '점수가 {value}임. 숫자여야 함',
  'is the only one of its prompt': '같은 프롬프트의 답변이 하나뿐이라',
  'and {count} more of its prompt all have the same `{key}`':
    '같은 프롬프트의 다른 답변 {count}개와 `{key}` 값이 모두 같아',
  'it must be an object with `prompt`, `chosen` and `rejected`.':
    '`prompt`, `chosen`, `rejected`를 가진 객체여야 합니다.',
  'it must be an object.': '객체여야 합니다.',
  'the list {value}': '목록 {value}',
  'the object {value}': '객체 {value}',
  'a list of messages': '메시지 목록',
  'a quoted field is not closed or continues after its quote: {reason}':
    '따옴표로 묶은 칸이 닫히지 않았거나 따옴표 뒤에 글자가 더 있음: {reason}',
  'it has {count} fields, the first row {wanted}': '칸이 {count}개인데 첫 행은 {wanted}개임',
  '{file} has {count} columns in its first row; at most {limit} can be read.':
    '{file}의 첫 행에 열이 {count}개 있습니다. {limit}개까지 읽을 수 있습니다.',
  '{file} has the column name {name} twice in its first row; rename one.':
    '{file}의 첫 행에 열 이름 {name}이(가) 두 번 나옵니다. 하나를 바꾸십시오.',
  '{file} has one column, {name}; a table of pairs has at least two, with their names in the first row.':
    '{file}에 열이 {name} 하나뿐입니다. 선호 쌍의 표에는 열이 둘 이상 있고 첫 행에 이름이 있어야 합니다.',
  '{file} is not text in UTF-8; save it as UTF-8 and try again.':
    '{file}은(는) UTF-8 텍스트가 아닙니다. UTF-8로 저장하고 다시 시도하십시오.',
  '{file} says it has {rows} rows; at most {limit} can be read. Split it into several files.':
    '{file}에 {rows}행이 있다고 적혀 있습니다. {limit}행까지 읽을 수 있으니 여러 파일로 나누십시오.',
  '{file} cannot be read as Parquet: {reason}': '{file}을(를) Parquet로 읽을 수 없습니다: {reason}',
  '{file} is empty; it needs {shape}.': '{file}이(가) 비어 있습니다. {shape} 필요합니다.',
  '{file} has no line of valid {format}; it needs {shape} (line {row}: {reason}).':
    '{file}에 올바른 {format} 줄이 없습니다. {shape} 필요합니다({row}행: {reason}).',
  'the names of the columns in its first row and a pair in each row after it':
    '첫 행에 열 이름, 그다음 행마다 선호 쌍 하나가',
  'one {"prompt": ..., "chosen": ..., "rejected": ...} per line':
    '줄마다 {"prompt": ..., "chosen": ..., "rejected": ...} 하나가',
  'The data holds chat messages, but the model has no chat template. Write prompt, chosen and rejected as plain text, choose a template (--chat-template on the command line), or use an instruction-tuned model.':
    '데이터는 채팅 메시지인데 모델에 채팅 템플릿이 없습니다. prompt, chosen, rejected를 텍스트로 쓰거나, 템플릿을 고르거나(명령줄에서는 --chat-template), 지시 학습된 모델을 쓰십시오.',
  'The boundary merges: the prompt alone ends in the tokens {alone}, but together with `{side}` there is {together} in their place. The model is trained from token {from} on, as TRL does it, which is not where `{begins}` begins. End the prompt without a space and begin the completions with one.':
    '경계가 합쳐집니다. 프롬프트만으로는 {alone} 토큰으로 끝나지만 `{side}`와 이으면 그 자리에 {together}이(가) 옵니다. TRL처럼 {from}번째 토큰부터 학습하는데, 이는 `{begins}`가 시작하는 곳이 아닙니다. 프롬프트 끝의 공백을 없애고 답변을 공백으로 시작하십시오.',
  '`{side}` does not end in an end-of-sequence token ({reason}), so the model does not learn from it where to stop.':
    '`{side}`가 끝 토큰으로 끝나지 않아({reason}) 모델이 어디서 멈출지 배우지 못합니다.',
  'the chat template does not write {token} after an answer': '채팅 템플릿이 답변 뒤에 {token}을(를) 쓰지 않음',
  '{token} is not encoded as one token': '{token}이(가) 토큰 하나로 인코딩되지 않음',
  '`{side}` is cut: its last {cut} of {all} tokens do not fit into max_length {limit}{note}. Raise max_length or shorten the text.':
    '`{side}`가 잘립니다. 토큰 {all}개 중 마지막 {cut}개가 max_length {limit}에 들어가지 않습니다{note}. max_length를 늘리거나 글을 줄이십시오.',
  'The prompt is empty and the tokenizer adds no start token, so the first token of the answer follows nothing. Write a prompt.':
    '프롬프트가 비어 있고 토크나이저가 시작 토큰을 붙이지 않아 답변의 첫 토큰 앞에 아무것도 없습니다. 프롬프트를 쓰십시오.',
  'The prompt has {tokens} tokens and max_length is {limit}, so no token of an answer is left to train on. Raise max_length or shorten the prompt.':
    '프롬프트가 {tokens}토큰인데 max_length가 {limit}이라 학습할 답변 토큰이 남지 않습니다. max_length를 늘리거나 프롬프트를 줄이십시오.',
  'The prompt begins with {token} twice: the tokenizer adds one. Remove it from the text.':
    '프롬프트가 {token} 두 개로 시작합니다. 하나는 토크나이저가 붙이므로 글에서 지우십시오.',
  '`{side}` is empty; write the answer.': '`{side}`가 비어 있습니다. 답변을 쓰십시오.',
  "`{side}` has no token of its own after the prompt's {tokens}; check the boundary between the two.":
    '프롬프트의 토큰 {tokens}개 뒤에 `{side}` 자신의 토큰이 없습니다. 둘 사이의 경계를 확인하십시오.',
  'Its text needs token {token}, and the model knows {count} tokens only.':
    '이 글에는 {token}번 토큰이 필요한데 모델은 토큰 {count}개만 압니다.',
};
