package io.kvroute.loadtest.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
      new ClassFileImporter().withImportOption(notBesideThisTest()).importPackages(BASE);

  /** Leaves out the classes that lie where this one does: those of tests. */
  private static ImportOption notBesideThisTest() {
    String tests =
        DependencyTest.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return location -> !location.asURI().getPath().startsWith(tests);
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
