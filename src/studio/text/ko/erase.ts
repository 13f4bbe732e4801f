import { formatBytes, formatCount } from '../format';
import type { erase as english } from '../en/erase';

export const erase: typeof english = {
  title: '모두 지우기',
  lead: 'PC를 다른 사람에게 넘기거나 과제가 끝났을 때 씁니다. 이 브라우저에 Airlock의 내용이 남지 않습니다.',
  open: '모두 지우기…',
  first: '지워지는 것',
  address: (origin) => `이 브라우저가 ${origin} 주소에 보관하는 모든 것:`,
  nothing: '이 주소에 보관된 것이 없습니다.',
  kept: {
    databases: (databases, records) =>
      `데이터베이스 ${formatCount(databases)}개의 기록 ${formatCount(records)}개: 선호 쌍, 판정, 체크포인트와 어댑터를 포함한 실행, 설정, 감사 로그`,
    files: (files, bytes) => `파일 ${formatCount(files)}개, ${formatBytes(bytes)}: 모델`,
    caches: (answers) => `서버 없이 열기 위해 보관한 Airlock 자체 파일 ${formatCount(answers)}개`,
    entries: (entries) => `이 페이지의 설정 ${formatCount(entries)}개`,
    workers: (workers) => `서비스 워커 ${formatCount(workers)}개`,
  },
  withTabs: (tabs) => `Airlock이 다른 탭 ${formatCount(tabs)}개에도 열려 있습니다. 그 탭과 진행 중인 작업도 끝납니다.`,
  running: '학습 중인 실행이 끝나고 아무것도 남지 않습니다.',
  before: '백업과, 기관에서 보관하는 감사 로그는 이 화면에서 먼저 내려받을 수 있습니다.',
  goOn: '계속',
  second: '정말 모두 지우시겠습니까?',
  noWayBack: '다른 곳에 둔 백업이 없으면 되돌릴 수 없습니다.',
  now: '지금 모두 지우기',
  page: {
    working: '모두 지우는 중입니다',
    ending: '엔진이 작업을 끝내고 있습니다.',
    waiting: (tabs) =>
      `Airlock이 아직 다른 탭 ${formatCount(tabs)}개에 열려 있어 닫도록 요청했습니다. 계속 이 상태이면 그 탭을 직접 닫으십시오. 그 전에는 아무것도 지우지 않습니다.`,
    back: '지우지 않고 돌아가기',
    blocked: (database) =>
      `Airlock이 닿지 못하는 탭이 데이터베이스 “${database}”을(를) 열어 두고 있습니다. 이 주소의 다른 탭을 모두 닫으면 나머지는 저절로 진행됩니다.`,
    done: '모두 지웠습니다',
    erased: '지운 것:',
    verified: '지운 뒤 브라우저에 다시 확인했습니다. 이 주소에 보관된 것이 더 없습니다.',
    partly: '일부가 지워지지 않았습니다',
    left: '아직 남은 것:',
    leftHelp:
      '이 주소의 다른 탭을 모두 닫고 다시 지우십시오. 그래도 남으면 아래와 같이 Chrome에서 직접 데이터를 삭제하십시오.',
    problem: (kind, reason) => `${kind}: ${reason}`,
    kinds: {
      databases: '데이터베이스',
      files: '파일',
      caches: '캐시',
      entries: '설정',
      workers: '서비스 워커',
    },
    failed: (reason) => `지우는 중에 오류가 났습니다: ${reason} 남은 것은 다시 지울 수 있습니다.`,
    again: '다시 지우기',
    start: 'Airlock 새로 시작',
    chrome: 'Chrome이 따로 보관할 수 있는 것',
    keeps: [
      '방문 기록: 이 주소와 페이지 제목.',
      '다운로드 목록과 다운로드 폴더의 파일.',
      '이 주소에 허용한 것(데이터 보관, 알림)과 마지막으로 고른 폴더.',
      '삭제된 파일의 내용은 다른 데이터로 덮어쓸 때까지 디스크에 남을 수 있습니다. 이것은 디스크 암호화나 디스크 자체의 소거로만 막을 수 있습니다.',
    ],
    how: 'Ctrl+Shift+Delete를 누르고 “전체 기간”을 고른 뒤 방문 기록, 다운로드 기록, 쿠키 및 사이트 데이터, 캐시된 파일, 사이트 설정을 삭제하십시오. 확실히 하려면 Chrome 프로필을 삭제하십시오. 내려받은 파일은 해당 폴더에서 삭제합니다.',
  },
  letGo: {
    title: '이 탭은 닫아도 됩니다',
    body: '다른 탭에서 Airlock의 모든 것을 지우고 있습니다. 이 탭을 닫거나, 저쪽이 끝난 뒤에 Airlock을 새로 시작하십시오.',
  },
};
