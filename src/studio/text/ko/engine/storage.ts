/** @file Korean for what the browser's storage and the server's models say. */
export const storage: Readonly<Record<string, string>> = {
  'Could not {what}: {reason}.': '실패했습니다({what}): {reason}.',
  "Could not {what}: the browser's storage is full. Download the adapters that you need, delete old runs, and try again.":
    '브라우저 저장소가 가득 차 실패했습니다({what}). 필요한 어댑터를 내려받고 오래된 실행을 삭제한 뒤 다시 시도하십시오.',
  'the browser gave no reason': '브라우저가 이유를 알려 주지 않음',
  'read the stored pairs': '보관된 선호 쌍 읽기',
  'save the pairs': '선호 쌍 저장',
  'read the stored runs': '보관된 실행 읽기',
  'read the stored run': '보관된 실행 읽기',
  'save the notes of the run "{name}"': '실행 "{name}"의 메모 저장',
  'save the run "{name}"': '실행 "{name}" 저장',
  "read the run's metrics": '실행의 지표 읽기',
  "read the run's answers": '실행의 답변 읽기',
  'read the adapter': '어댑터 읽기',
  'save a checkpoint of the run "{name}"': '실행 "{name}"의 체크포인트 저장',
  'read the checkpoint': '체크포인트 읽기',
  'delete the run': '실행 삭제',
  'read the round of judging': '판정 읽기',
  'save the round of judging': '판정 저장',
  'read the prompt set': '프롬프트 묶음 읽기',
  'save the prompt set': '프롬프트 묶음 저장',
  'read the settings': '설정 읽기',
  'save the settings': '설정 저장',
  'list what was set aside': '따로 보관한 기록의 목록 읽기',
  'read what was set aside': '따로 보관한 기록 읽기',
  'delete what was set aside': '따로 보관한 기록 삭제',
  "{what} in this browser's storage is damaged.": '이 브라우저에 보관된 내용이 손상되었습니다({what}).',
  '{what} was stored by a newer Airlock (format {version}; this one reads up to {limit}). Open the newer Airlock to use it.':
    '더 새로운 Airlock이 보관한 내용입니다({what}, 형식 {version}, 이 Airlock은 {limit}까지). 더 새로운 Airlock을 여십시오.',
  'The data set': '데이터',
  'The settings': '설정',
  'The prompt set': '프롬프트 묶음',
  'The round of judging': '판정',
  'A stored model': '보관된 모델',
  'A checkpoint': '체크포인트',
  'An adapter': '어댑터',
  'A run': '실행',
  "A run's pairs": '실행의 선호 쌍',
  "A run's notes": '실행의 메모',
  "A run's answers": '실행의 답변',
  "A run's metrics": '실행의 지표',
  '{file} could not be read ({reason}). If it was changed, moved or removed, choose the directory again.':
    '{file}을(를) 읽을 수 없습니다({reason}). 바뀌거나 옮겨지거나 지워졌다면 디렉터리를 다시 고르십시오.',
  '{file} could not be fetched from {url} ({reason}). Try again, or tell whoever looks after this server.':
    '{file}을(를) {url}에서 가져올 수 없습니다({reason}). 다시 시도하거나 서버 담당자에게 알리십시오.',
  'the server answered {status}': '서버 응답 {status}',
  "The browser's storage is full: it refused {what}. Free space on the disk or delete models that you no longer need, and try again.":
    '브라우저 저장소가 가득 차 쓰지 못했습니다({what}). 디스크 공간을 비우거나 필요 없는 모델을 삭제하고 다시 시도하십시오.',
  'The browser could not write {what} ({reason}). Free space on the disk, and try again.':
    '브라우저가 쓰지 못했습니다({what}: {reason}). 디스크 공간을 비우고 다시 시도하십시오.',
  '{file}, after {bytes} of {all} bytes of the model': '{file}, 모델 {all}바이트 중 {bytes}바이트 뒤',
  'the record of {name}, after its {bytes} bytes': '{name}의 기록, {bytes}바이트 뒤',
  '{file} has {seen} the {bytes} bytes that it should have. Take a fresh copy of the model.':
    '{file}의 크기가 맞지 않습니다({bytes}바이트여야 합니다). 모델을 새로 받으십시오.',
  "{file} has the SHA-256 {hash}, and the server's list says {wanted}: it was changed or damaged on the way. Tell whoever looks after this server.":
    '{file}의 SHA-256이 {hash}인데 서버의 목록에는 {wanted}입니다. 오는 길에 바뀌거나 손상되었습니다. 서버 담당자에게 알리십시오.',
  'This model is being deleted in another tab. Choose another one.':
    '이 모델은 다른 탭에서 삭제하는 중입니다. 다른 모델을 고르십시오.',
  'This model is no longer in the browser’s storage. Choose its directory again.':
    '이 모델이 브라우저에 더 이상 없습니다. 디렉터리를 다시 고르십시오.',
  'The stored model {name} is damaged: its {file} {problem}. Delete it and choose its directory again.':
    '보관된 모델 {name}이(가) 손상되었습니다({file}: {problem}). 삭제하고 디렉터리를 다시 고르십시오.',
  'has {bytes} bytes and not {wanted}': '{wanted}바이트가 아니라 {bytes}바이트임',
  'This model is open in another tab. Close that tab or open another model in it, and delete it then.':
    '이 모델이 다른 탭에서 열려 있습니다. 그 탭을 닫거나 거기서 다른 모델을 연 다음 삭제하십시오.',
  "The server's list of models, models/manifest.json, {problem}. Tell whoever looks after this server; models from a directory work without it.":
    '서버의 모델 목록 models/manifest.json에 문제가 있습니다({problem}). 서버 담당자에게 알리십시오. 디렉터리에서 고른 모델은 그대로 쓸 수 있습니다.',
  'is not valid JSON': '올바른 JSON이 아님',
  'has no list `models`': '`models` 목록이 없음',
  'has a file of {model} without a `path` that is a plain file name': '{model}의 파일에 이름뿐인 `path`가 없음',
  'gives {model}/{file} no `size` in bytes': '{model}/{file}의 `size`(바이트)가 없음',
  'gives {model}/{file} a `sha256` that is not 64 hexadecimal digits':
    '{model}/{file}의 `sha256`이 16진수 64자리가 아님',
  'has no `name` that is a plain folder name for model {number}': '{number}번째 모델에 폴더 이름인 `name`이 없음',
  'lists no `files` of {model}': '{model}의 `files`가 없음',
};
