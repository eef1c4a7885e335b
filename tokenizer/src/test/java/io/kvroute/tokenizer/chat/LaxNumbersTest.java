package io.kvroute.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.jinja.values.Value;
import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded from pydantic 2.14.3. */
class LaxNumbersTest {

  @ParameterizedTest
  @CsvSource({
    "5,5",
    "' 5 ',5",
    "\u00a05,5",
    "5_0,50",
    "+5,5",
    "-5,-5",
    "5.00,5",
    "007,7",
    "1_000.0,1000",
    "9223372036854775808,9223372036854775808",
    "-0.0,0"
  })
  void readsStringsThatSpellAnInteger(String text, BigInteger number) {
    assertThat(LaxNumbers.integer(new Value.Str(text))).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "_5", "5_", "5__0", "- 5", "0x5", "5.", "5.5", ".0", "1e3", "nan", "٥"})
  void rejectsOtherStringsAsIntegers(String text) {
    assertThat(LaxNumbers.integer(new Value.Str(text))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5.", ".5", "+.5", "1e1_0", "1_e1", "1e400", "NaN", "-Infinity", " 1.5\n"})
  void readsStringsThatSpellANumber(String text) {
    assertThat(LaxNumbers.isNumber(new Value.Str(text))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "1e", "0x5", "_5", "5__0", "5f", "５", "1 2", "\u001f5"})
  void rejectsOtherStringsAsNumbers(String text) {
    assertThat(LaxNumbers.isNumber(new Value.Str(text))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.5, 0x1p63, -0x1p63, Double.NaN, Double.POSITIVE_INFINITY})
  void rejectsFractionsAndValuesBeyondALongAsIntegers(double number) {
    assertThat(LaxNumbers.integer(new Value.Real(number))).isNull();
  }
}
