package io.kvroute.router.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The pattern of the log lets no text from outside begin a line of its own. */
final class LogPatternTest {

  private static String written(String message, @Nullable Throwable thrown) {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    LoggerContext context = root.getLoggerContext();
    ConsoleAppender<ILoggingEvent> console =
        (ConsoleAppender<ILoggingEvent>) root.getAppender("stderr");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputStreamAppender<ILoggingEvent> captured = new OutputStreamAppender<>();
    captured.setContext(context);
    captured.setEncoder(console.getEncoder());
    captured.setOutputStream(out);
    captured.start();
    Logger logger = context.getLogger("io.kvroute.test");
    logger.setAdditive(false);
    logger.addAppender(captured);
    try {
      logger.error(message, thrown);
    } finally {
      logger.detachAppender(captured);
    }
    return out.toString(UTF_8);
  }

  @Test
  void controlCharactersInAMessageAreReplaced() {
    String line =
        written("model a\r\n2026-01-01 INFO forged\u001b[2J\u2028\u0085x\u000bé\tz", null);

    assertThat(line).endsWith("ERROR test: model a | 2026-01-01 INFO forged | [2J | x | é | z\n");
  }

  @Test
  void anExceptionsTextBeginsNoLineAndItsFramesDo() {
    Exception thrown = new IllegalStateException("a\n2026-01-01 INFO forged\u001b[2J");
    thrown.initCause(new IllegalArgumentException("b\r\nINFO forged too"));

    String text = written("failed", thrown);

    assertThat(text.lines().skip(1))
        .first()
        .isEqualTo("java.lang.IllegalStateException: a | 2026-01-01 INFO forged | [2J");
    assertThat(text.lines().skip(2))
        .allMatch(
            line ->
                line.startsWith("\tat ")
                    || line.startsWith("\t... ")
                    || line.equals(
                        "Caused by: java.lang.IllegalArgumentException: b | INFO forged too"));
    assertThat(text.lines()).anyMatch(line -> line.startsWith("Caused by: "));
  }
}
