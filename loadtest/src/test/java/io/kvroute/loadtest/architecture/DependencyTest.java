package io.kvroute.loadtest.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import io.kvroute.config.Config;
import io.kvroute.loadtest.cli.LoadtestMain;
import io.kvroute.router.app.RunningRouter;
import io.kvroute.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks all modules' classes against the package tables of ARCHITECTURE.md. */
class DependencyTest {

  private static final String BASE = "io.kvroute";

  private static final String[] DECISION = {
    "io.kvroute.router.keys..",
    "io.kvroute.router.index..",
    "io.kvroute.router.fleet..",
    "io.kvroute.router.shadow..",
    "io.kvroute.router.route.."
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importLocations(
              Stream.of(Tokenizer.class, Config.class, RunningRouter.class, LoadtestMain.class)
                  .map(DependencyTest::locationOf)
                  .toList());

  /** Where the main classes of a module lie: in a directory, or in a jar if Maven has made it. */
  private static Location locationOf(Class<?> ofModule) {
    try {
      Path path = Path.of(ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(path) ? Location.of(path) : Location.of(new JarFile(path.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void thePackageTablesOfArchitectureMdDescribeTheCode() throws IOException {
    Map<String, Set<String>> tables =
        PackageTables.parse(Files.readAllLines(Path.of("..", "ARCHITECTURE.md")));

    assertThat(PackageTables.differences(tables, usedPackages())).isEmpty();
  }

  /** For each package, the other packages of this project that its classes use. */
  private static Map<String, Set<String>> usedPackages() {
    Map<String, Set<String>> used = new TreeMap<>();
    for (JavaClass each : CLASSES) {
      if (each.getSimpleName().equals("package-info")) {
        continue;
      }
      String name = each.getPackageName();
      Set<String> others = used.computeIfAbsent(name, key -> new TreeSet<>());
      each.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType().getPackageName())
          .filter(target -> target.startsWith(BASE + ".") && !target.equals(name))
          .forEach(others::add);
    }
    return used;
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theDecisionKnowsNoNetwork() {
    noClasses()
        .that()
        .resideInAnyPackage(DECISION)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "java.net.http..", "java.nio.channels..")
        .check(CLASSES);
  }

  @Test
  void theDecisionTakesItsClockAsAParameter() {
    noClasses()
        .that()
        .resideInAnyPackage(DECISION)
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void withinTheRouterOnlyAppAndCliReadTheConfiguration() {
    noClasses()
        .that()
        .resideInAPackage("io.kvroute.router..")
        .and()
        .resideOutsideOfPackages("io.kvroute.router.app..", "io.kvroute.router.cli..")
        .should()
        .dependOnClassesThat(resideInAPackage("io.kvroute.config.."))
        .check(CLASSES);
  }
}
