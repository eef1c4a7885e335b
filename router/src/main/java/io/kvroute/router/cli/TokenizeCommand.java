package io.kvroute.router.cli;

import io.kvroute.tokenizer.ModelFiles;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.kvroute.tokenizer.TokenizeJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the token ids of requests, for comparison with an engine's. */
@Command(
    name = "tokenize",
    description = {
      "Prints the token ids that an engine computes for requests.",
      "One line of JSON for each: {\"id\",\"ids\",\"rendered\",\"mode\"}, or {\"id\",\"error\"}",
      "where the engine would reject it.",
      "A request's own chat_template is rendered."
    },
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets required fields
final class TokenizeCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR_OR_HF_ID",
      required = true,
      description = "The model's files: tokenizer.json (or .gz), tokenizer_config.json, template.")
  private String tokenizer;

  @Option(
      names = "--chat-template",
      paramLabel = "FILE",
      description = "As the engine's flag of that name. Default: the model's own.")
  private @Nullable Path chatTemplate;

  @Option(
      names = "--now",
      paramLabel = "ISO",
      description = "The time that templates see, such as 2026-01-31T12:00:00. Default: now.")
  private @Nullable String now;

  @ArgGroup(multiplicity = "1")
  private Input input;

  /** One request or a file of requests. */
  private static final class Input {
    @Option(
        names = "--requests",
        paramLabel = "FILE.jsonl",
        description = "Lines of {\"id\",\"request\"}; may be gzipped.")
    private @Nullable Path requests;

    @Parameters(paramLabel = "REQUEST.json", description = "One request's body.")
    private @Nullable Path request;
  }

  TokenizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, CommandException {
    PromptEncoder encoder =
        PromptEncoder.open(ModelFiles.locate(tokenizer, console.environment()), options());
    TokenizeJob job = new TokenizeJob(encoder, console.bytes());
    if (input.requests != null) {
      try (InputStream lines = open(input.requests)) {
        job.runAll(lines);
      }
      return ExitCode.FINE;
    }
    Path one = input.request == null ? Path.of("") : input.request;
    boolean fine = job.runOne(one.getFileName().toString(), Files.readAllBytes(one));
    return fine ? ExitCode.FINE : ExitCode.FAILED;
  }

  private PromptEncoderOptions options() throws IOException, CommandException {
    PromptEncoderOptions options =
        PromptEncoderOptions.defaults().withTrustRequestChatTemplate(true);
    if (chatTemplate != null) {
      options = options.withChatTemplate(Files.readString(chatTemplate));
    }
    return now == null ? options : options.withClock(clockAt(now));
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
  }

  /**
   * A time without a zone is the engine's local time; it is taken as UTC, so that templates print
   * it unchanged.
   */
  private static Clock clockAt(String iso) throws CommandException {
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              iso.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      OffsetDateTime at =
          time instanceof LocalDateTime local
              ? local.atOffset(ZoneOffset.UTC)
              : OffsetDateTime.from(time);
      return Clock.fixed(at.toInstant(), at.getOffset());
    } catch (DateTimeParseException e) {
      throw new CommandException(
          ExitCode.USAGE, "--now: " + iso + " (expected: a time such as 2026-01-31T12:00:00)");
    }
  }
}
