import { formatCount } from '../format';
import type { build as english } from '../en/build';

export const build: typeof english = {
  title: '이 페이지',
  version: (version) => `Airlock ${version}`,
  id: '빌드',
  idMeans: '파일 해시 목록 SHA256SUMS의 SHA-256',
  development: '해시 목록이 없는 개발용 빌드입니다.',
  signed: '해시 목록에 서명이 있습니다. 누구의 서명인지는 PC 관리자가 확인할 수 있습니다(README).',
  unsigned: '해시 목록에 서명이 없습니다.',
  licenses: 'Airlock과 구성 요소의 라이선스',
  parts: '구성 요소 목록(CycloneDX)',
  kept: (files) =>
    `파일 ${formatCount(files)}개를 해시와 하나씩 대조해 이 브라우저에 보관했습니다. 서버가 없어도 페이지가 열리고 동작합니다.`,
  notKept: '아직 이 브라우저에 보관되지 않았습니다. 서버가 없으면 페이지가 열리지 않습니다.',
  refused: {
    status: (path, status) =>
      `서버가 ${path} 요청에 ${status}(으)로 응답하여, 서버 없이 열 수 있게 보관하지 못했습니다.`,
    headers: (path, names) =>
      `서버가 ${path} 파일을 ${names} 헤더 없이 보내므로, 서버 없이 열 수 있게 보관하지 않았습니다. README에 있는 헤더와 함께 제공하십시오.`,
    hash: (path, hash) =>
      `${path} 파일의 해시 ${hash}이(가) SHA256SUMS와 달라, 서버 없이 열 수 있게 보관하지 않았습니다. 파일이 바뀌었거나 잘렸으니 릴리스를 서버에 다시 복사하십시오.`,
    other: (_path, reason) => `서버 없이 열 수 있게 보관하지 못했습니다: ${reason}`,
  },
  next: (id) => `새 버전의 Airlock이 준비되었습니다(빌드 ${id}). 바꾸기 전까지는 지금 버전을 그대로 씁니다.`,
  update: '새 버전으로 바꾸기',
  updateMeans: '페이지를 새로 불러옵니다. 저장된 데이터는 그대로입니다.',
  later: '나중에',
  otherTabs: (count) =>
    `Airlock이 다른 탭 ${formatCount(count)}개에 열려 있습니다. 그 탭은 처음 연 버전이 필요하므로 먼저 닫으십시오.`,
};
