"""Which language a text is in, told from the text alone."""

import subprocess
import sys

import pytest

from newsearch.analysis.detection import detected_language

SENTENCES = {
    "en": "The old ferry that was built in the harbour has been withdrawn, and the crew of it waits for news.",
    "de": "Die Fähre wurde am Mittwoch aus dem Verkehr gezogen, nachdem Prüfer dünne Stellen im Rumpf gefunden hatten.",
    "fr": "Le ferry a été retiré du service mercredi après que des inspecteurs ont découvert des tôles trop minces.",
    "es": "El transbordador fue retirado del servicio el miércoles después de que hallaran planchas finas.",
    "ru": "Паром был снят с линии в среду после того, как инспекторы обнаружили тонкую обшивку возле носа судна.",
    "sv": "Färjan togs ur trafik på onsdagen sedan inspektörer hade hittat tunna plåtar nära fören på fartyget.",
    "zh": "周三，检查人员发现船头附近的钢板过薄，渡轮因此停运。",
    "ja": "水曜日、検査官が船首付近の板が薄いことを見つけ、フェリーは運航を取りやめた。",
    "ko": "수요일 검사관들이 뱃머리 근처의 얇은 철판을 발견한 뒤 여객선 운항이 중단되었다.",
    "th": "เรือข้ามฟากหยุดให้บริการเมื่อวันพุธหลังจากผู้ตรวจสอบพบแผ่นเหล็กบาง",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_enough_to_tell_its_language(language: str) -> None:
    assert detected_language(SENTENCES[language]) == language


@pytest.mark.parametrize("text", ["", " \n", "12.5 17.3", "***", "Ja!", "2025-03-22 00:48"])
def test_what_is_too_short_or_no_text_is_in_no_language(text: str) -> None:
    assert detected_language(text) == ""


def test_a_quotation_in_english_does_not_make_a_text_english() -> None:
    text = f"{SENTENCES['de']} Der Kapitän sagte: „The ferry is old“. {SENTENCES['de']}"
    assert detected_language(text) == "de"


def test_japanese_with_few_kana_is_not_taken_for_chinese() -> None:
    assert detected_language("政府は七日、新型船舶の安全基準を改定すると発表した") == "ja"


def test_english_is_told_without_loading_the_classifier() -> None:
    code = (
        "import sys; from newsearch.analysis.detection import detected_language as told;"
        f"assert told({SENTENCES['en']!r}) == 'en'; sys.exit('py3langid' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
