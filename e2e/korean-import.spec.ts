/**
 * @file A Korean analyst's road on the built app: a table whose columns say nothing is given its roles by hand, the
 * same columns are known again, checks and token microscope speak of Korean text.
 */
import { expect, test } from '@playwright/test';
import { expectAccessible, expectDialogAccessible } from './accessible';
import { choose, select, dismiss, take } from './screen';
import { openTinyModel } from './work';

const rows = Array.from(
  { length: 12 },
  (_, i) =>
    `${i + 1},${i + 1}번 펌프에서 소음이 납니다.,정지하고 잠금 조치한 뒤 베어링 ${i + 1}을 점검하십시오.,그냥 두십시오.`,
);
const csv = (name: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(`\ufeff순번,가,나,다\r\n${rows.join('\r\n')}\r\n`),
});
const uses = [
  ['가', '프롬프트(질문)'],
  ['나', '선택(좋은 답변)'],
  ['다', '거부(나쁜 답변)'],
] as const;

test('imports a table of unknown columns by hand in Korean, and looks at its tokens', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await openTinyModel(page);
  await take(page.getByRole('radio', { name: '한국어' }));
  await page.goto('/#/data');
  await expect(page.getByRole('heading', { name: '데이터', level: 2 })).toBeVisible();
  await choose(page, '선호 쌍 가져오기', csv('정비.csv'));
  const dialog = page.getByTestId('import-dialog');
  await expect(dialog).toContainText('1번 펌프에서 소음이 납니다.');
  await dialog.getByRole('button', { name: '다음 행' }).click();
  await expect(dialog).toContainText('12행 중 6~10행');
  await expect(dialog).toContainText('10번 펌프에서');
  for (const [column, use] of uses) await select(page, new RegExp(`${column} 열의 용도`), use);
  await expect(dialog).toContainText('채팅 메시지');
  await expectDialogAccessible(page, 'import by hand');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Excel 양식 내려받기' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('선호쌍.xlsx');
  await dialog.getByRole('button', { name: '선호 쌍 12개 가져오기' }).click();
  await expect(page.getByTestId('pair-count')).toHaveText('선호 쌍 12개');

  // A second file with the same headers asks nothing again.
  await choose(page, '선호 쌍 가져오기', csv('정비2.csv'));
  await expect(dialog).toContainText('열이 같은 파일을 전에 가져온 방식대로');
  await dismiss(page, dialog);

  const checks = page.getByTestId('checks');
  await expect(checks).toContainText('이 모델이 거의 쓰지 못하는 언어');
  await expect(checks).toContainText(/답변 토큰의 \d\d%/);
  await expect(page.getByText('안에서 학습할 수 있습니다')).toHaveCount(0);
  await expectAccessible(page, 'findings in Korean');

  await page.getByRole('button', { name: '1번 선호 쌍의 토큰', exact: true }).click();
  const tokens = page.getByTestId('token-dialog');
  await expect(tokens.locator('.token[data-joined]').first()).toBeVisible();
  await expect(tokens.locator('.tokens').first()).toContainText('펌');
  await expect(tokens.locator('.tokens').first()).not.toContainText('<0x');
  await expectDialogAccessible(page, 'token microscope with Korean text');
  await tokens.getByRole('button', { name: '다음 선호 쌍' }).click();
  await expect(tokens.getByRole('heading', { name: '학습에서 보는 2번 선호 쌍' })).toBeVisible();
});

test('a model that opens while a file is looked at makes messages of it', async ({ page }) => {
  await page.goto('/#/data');
  await choose(page, 'Import pairs', {
    name: 'a.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('question,good answer,bad answer\nWho?,You.,Me.\n'),
  });
  const dialog = page.getByTestId('import-dialog');
  await expect(dialog).toContainText('Text, as it stands');
  // The file waits while another screen is open.
  await page.evaluate(() => (location.hash = '#/models'));
  await openTinyModel(page);
  await page.evaluate(() => (location.hash = '#/data'));
  await expect(dialog).toContainText("Chat messages, for the model's template");
});
