import { formatCount } from '../format';
import type { comeBack as english } from '../en/come-back';

export const comeBack: typeof english = {
  label: '지난 작업',
  reopening: (model) => `지난번에 쓰던 모델 ${model}을(를) 다시 여는 중입니다.`,
  cancel: '열지 않기',
  notReopened: (model) =>
    `지난번에 쓰던 모델 ${model}을(를) 자동으로 열지 않았습니다. 지금 설정으로는 메모리에 맞지 않습니다. 모델 화면에서 맞는 설정을 확인하십시오.`,
  lastModel: (model) => `열린 모델이 없습니다. 마지막으로 쓴 모델은 ${model}입니다.`,
  open: (model) => `${model} 열기`,
  interrupted: (run, step, total) =>
    `${run} 학습이 ${formatCount(total)}스텝 중 ${formatCount(step)}스텝에서 중단되었습니다.`,
  from: (step) => `마지막 체크포인트인 ${formatCount(step)}스텝부터 중단이 없었던 것처럼 이어서 학습할 수 있습니다.`,
  again: '첫 체크포인트를 남기기 전에 중단되었습니다. 같은 선호 쌍과 설정으로 처음부터 다시 시작합니다.',
  ended: (run) => `${run}은(는) 끝났지만, 이어질 학습을 시작하기 전에 페이지가 닫혔습니다.`,
  then: (methods) => `같은 선호 쌍으로 ${methods.join(', ')} 학습을 이어서 합니다.`,
  answers: '그런 다음 체험에서 원본, SFT, DPO 모델이 남겨 둔 프롬프트에 답합니다.',
  opens: (model) => `먼저 ${model}을(를) 엽니다.`,
  opening: (model) => `${model}을(를) 여는 중…`,
  goOn: '이어서 학습',
  dismiss: '그대로 두기',
  needsModel: (run, model) =>
    `${run}은(는) ${model}로 학습했는데, 이 브라우저에 그 모델이 없습니다. 모델 화면에서 디렉터리를 선택한 뒤 이어서 학습하십시오.`,
  needsPrecision: (run, model, precision) =>
    `${run}은(는) ${model}을(를) ${precision}로 두고 학습했는데, 지금은 그렇게 열 수 없습니다. 모델 화면에서 ${precision}을(를) 고른 뒤 이어서 학습하십시오.`,
};
