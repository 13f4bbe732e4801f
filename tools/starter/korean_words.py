"""Words of the Korean reviews. Opinions are given by three stems: past (맛있었), attributive (맛있는), plain (맛있)."""

from __future__ import annotations

from .words import listed, one_word

Stems = tuple[str, str, str]


def opinions(text: str) -> list[Stems]:
    """One opinion a line: past, attributive and plain stem."""
    return [tuple(line.split()) for line in text.strip().splitlines()]  # type: ignore[misc]


POS_ANY = opinions("""
훌륭했 훌륭한 훌륭하
완벽했 완벽한 완벽하
만족스러웠 만족스러운 만족스럽
좋았 좋은 좋
인상적이었 인상적인 인상적이
뛰어났 뛰어난 뛰어나
알찼 알찬 알차
깔끔했 깔끔한 깔끔하
즐거웠 즐거운 즐겁
근사했 근사한 근사하
감동적이었 감동적인 감동적이
""")
POS_MEAL = opinions("""
맛있었 맛있는 맛있
신선했 신선한 신선하
고소했 고소한 고소하
담백했 담백한 담백하
부드러웠 부드러운 부드럽
바삭했 바삭한 바삭하
촉촉했 촉촉한 촉촉하
푸짐했 푸짐한 푸짐하
든든했 든든한 든든하
향긋했 향긋한 향긋하
정갈했 정갈한 정갈하
쫄깃했 쫄깃한 쫄깃하
싱싱했 싱싱한 싱싱하
구수했 구수한 구수하
""")
POS_COURSE = opinions("""
유익했 유익한 유익하
재미있었 재미있는 재미있
명쾌했 명쾌한 명쾌하
친절했 친절한 친절하
생생했 생생한 생생하
체계적이었 체계적인 체계적이
흥미로웠 흥미로운 흥미롭
꼼꼼했 꼼꼼한 꼼꼼하
실용적이었 실용적인 실용적이
활기찼 활기찬 활기차
매끄러웠 매끄러운 매끄럽
""")
NEG_ANY = opinions("""
나빴 나쁜 나쁘
실망스러웠 실망스러운 실망스럽
형편없었 형편없는 형편없
끔찍했 끔찍한 끔찍하
부실했 부실한 부실하
불쾌했 불쾌한 불쾌하
엉성했 엉성한 엉성하
답답했 답답한 답답하
어설펐 어설픈 어설프
한심했 한심한 한심하
괴로웠 괴로운 괴롭
""")
NEG_MEAL = opinions("""
맛없었 맛없는 맛없
짰 짠 짜
싱거웠 싱거운 싱겁
눅눅했 눅눅한 눅눅하
느끼했 느끼한 느끼하
질겼 질긴 질기
딱딱했 딱딱한 딱딱하
퍽퍽했 퍽퍽한 퍽퍽하
비렸 비린 비리
차가웠 차가운 차갑
밍밍했 밍밍한 밍밍하
텁텁했 텁텁한 텁텁하
미지근했 미지근한 미지근하
물컹했 물컹한 물컹하
""")
NEG_COURSE = opinions("""
지루했 지루한 지루하
산만했 산만한 산만하
장황했 장황한 장황하
따분했 따분한 따분하
애매했 애매한 애매하
뻔했 뻔한 뻔하
어려웠 어려운 어렵
불친절했 불친절한 불친절하
조잡했 조잡한 조잡하
느렸 느린 느리
""")
POS_PHRASES_ANY = listed("""
동료에게 추천했습니다, 별 다섯 개를 줍니다, 기다린 보람이 있었습니다, 기분이 좋아졌습니다, 힘이 났습니다, 모두 웃었습니다
""")
POS_PHRASES_MEAL = listed("""
또 먹고 싶습니다, 두 그릇을 비웠습니다, 한 그릇 더 받았습니다, 국물까지 다 마셨습니다, 주방에 감사합니다, 접시가 깨끗이 비었습니다
""")
POS_PHRASES_COURSE = listed("""
시간 가는 줄 몰랐습니다, 현장에서 바로 썼습니다, 또 듣고 싶습니다, 모두 박수를 쳤습니다, 눈이 번쩍 뜨였습니다, 강사에게 감사합니다
""")
NEG_PHRASES_ANY = listed("""
시간이 아까웠습니다, 별 한 개를 줍니다, 기다린 보람이 없었습니다, 기분이 나빠졌습니다, 힘이 빠졌습니다, 모두 한숨을 쉬었습니다
""")
NEG_PHRASES_MEAL = listed("""
다시는 먹지 않겠습니다, 반이나 남겼습니다, 속이 불편했습니다, 돈이 아까웠습니다, 결국 라면을 끓였습니다, 절반을 버렸습니다
""")
NEG_PHRASES_COURSE = listed("""
절반은 졸았습니다, 시계만 보았습니다, 중간에 나왔습니다, 다시는 듣지 않겠습니다, 남은 것이 없었습니다, 하품만 나왔습니다
""")

BOOSTERS = one_word("정말 아주 무척 매우 참 굉장히 너무 몹시")
DAMPENERS = one_word("조금 약간 다소")

MEAL_THINGS = listed("국물, 반찬, 밥, 고기, 양념, 채소, 김치, 튀김옷, 면, 소스, 건더기, 고명, 후식, 샐러드")
COURSE_THINGS = listed("강의, 설명, 자료, 예제, 실습, 강사, 교재, 진행, 발표, 분위기, 강의실, 질의응답, 시범")
MEAL_KINDS = listed("한 끼, 식사, 점심, 저녁")
COURSE_KINDS = listed("교육, 시간, 강의, 과정")
INGREDIENTS = one_word("버섯 소고기 돼지고기 닭고기 두부 김치 해물 오징어 고등어 감자 콩나물 시금치 참치 새우 된장 낙지 호박 가지")
DISHES = one_word("덮밥 볶음밥 비빔밥 찌개 전골 볶음 조림 튀김 구이 국수 전 탕 죽 만두")
MACHINES = one_word("밸브 펌프 배관 터빈 보일러 열교환기 압축기 전동기 계측기 저장탱크 변압기 냉각탑")
SUBJECTS = one_word("점검 정비 운전 안전 진단 용접 세척")
PLACES = listed("구내식당, 본관 식당, 별관 식당, 기숙사 식당, 지하 식당, 공장 식당")
HALLS = listed("본관 강당, 교육장, 별관 회의실, 훈련장, 연수원")
DAYS = one_word("월요일 화요일 수요일 목요일 금요일")
PEOPLE = listed("동료, 팀장님, 후배, 선배, 정비팀, 운전팀, 품질팀, 손님")
TEACHERS = one_word("김민수 이서연 박지훈 최유진 정현우 강하늘 윤도현 장미래 오세훈 한지민")
