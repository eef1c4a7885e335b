package io.kvroute.router;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds the table of packages in ARCHITECTURE.md. */
@AnalyzeClasses(
    packages = "io.kvroute.router",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class DependencyTest {

  private static final String ROUTER = "io.kvroute.router.";
  private static final String TOKENIZER = "io.kvroute.tokenizer";
  private static final String CONFIG = "io.kvroute.config";

  private static final Set<String> ALL_BUT_CONFIG_AND_NETWORK =
      Set.of(
          "guard", "keys", "index", "fleet", "shadow", "route", "learn", "openai", "prompt",
          "probe", TOKENIZER);

  private static final Set<String> EVERYTHING =
      Set.of(
          "guard",
          "keys",
          "index",
          "fleet",
          "shadow",
          "route",
          "learn",
          "openai",
          "prompt",
          "probe",
          "wire",
          "upstream",
          "http",
          "warmup",
          "admin",
          "app",
          "cli",
          TOKENIZER,
          CONFIG);

  /** What each package may use of ours. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("guard", Set.of()),
          Map.entry("keys", Set.of()),
          Map.entry("index", Set.of("keys")),
          Map.entry("fleet", Set.of()),
          Map.entry("shadow", Set.of("keys", "index")),
          Map.entry("route", Set.of("keys", "index", "fleet", "shadow")),
          Map.entry("learn", Set.of("guard", "keys", "index", "fleet", "shadow", "route")),
          Map.entry("openai", Set.of()),
          Map.entry("prompt", Set.of("openai", "keys", TOKENIZER)),
          Map.entry("probe", Set.of("guard", "fleet")),
          Map.entry("wire", Set.of()),
          Map.entry("warmup", Set.of()),
          Map.entry("upstream", Set.of("wire", "openai", "fleet")),
          Map.entry(
              "http",
              Set.of(
                  "guard",
                  "wire",
                  "openai",
                  "keys",
                  "prompt",
                  "route",
                  "learn",
                  "upstream",
                  "fleet")),
          Map.entry("admin", ALL_BUT_CONFIG_AND_NETWORK),
          Map.entry("app", EVERYTHING),
          Map.entry("cli", EVERYTHING));

  @ArchTest
  void aPackageUsesOnlyWhatTheTableAllows(JavaClasses router) {
    MAY_USE.forEach((name, allowed) -> usesOnly(name, allowed).check(router));
  }

  @ArchTest
  void everyPackageIsInTheTable(JavaClasses router) {
    Set<String> present =
        router.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.substring(ROUTER.length()).replaceAll("\\..*", ""))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(present).isEqualTo(new TreeSet<>(MAY_USE.keySet()));
  }

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.kvroute.router.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theDecisionKnowsNoNetwork =
      noClasses()
          .that()
          .resideInAnyPackage(packages("keys", "index", "fleet", "shadow", "route"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "java.net.http..", "java.nio.channels..");

  @ArchTest
  static final ArchRule theDecisionTakesItsClockAsAParameter =
      noClasses()
          .that()
          .resideInAnyPackage(packages("keys", "index", "fleet", "shadow", "route"))
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule onlyAppAndCliReadTheConfiguration =
      noClasses()
          .that(not(resideInAnyPackage(packages("app", "cli"))))
          .should()
          .dependOnClassesThat(resideInAPackage(CONFIG + ".."));

  private static ArchRule usesOnly(String name, Set<String> allowed) {
    String[] mayUse =
        Stream.concat(Stream.of(name), allowed.stream())
            .map(DependencyTest::packageOf)
            .toArray(String[]::new);
    DescribedPredicate<JavaClass> forbidden =
        resideInAPackage("io.kvroute..").and(not(resideInAnyPackage(mayUse)));
    return noClasses()
        .that()
        .resideInAPackage(packageOf(name))
        .should()
        .dependOnClassesThat(forbidden)
        .because(name + " may use only " + new TreeSet<>(allowed))
        .allowEmptyShould(true);
  }

  private static String[] packages(String... names) {
    return Arrays.stream(names).map(DependencyTest::packageOf).toArray(String[]::new);
  }

  private static String packageOf(String name) {
    return (name.startsWith("io.") ? name : ROUTER + name) + "..";
  }
}
