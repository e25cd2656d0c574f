// SPDX-License-Identifier: Apache-2.0
package org.processional.codec.jboss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.processional.Call;
import org.processional.Explanation;
import org.processional.Work;
import org.processional.spi.ExplainingCodecProvider;

/**
 * Functions of every kind that Java has, compiled by javac and by the Eclipse compiler: what they capture is explained,
 * those that can travel do, and the codec refuses the others in the same words.
 */
@ParameterizedClass
@MethodSource("all")
class CornersTest {
    private static final String THING = "corners.Corners$Thing";
    private static final String THING_CURE =
            "; make corners.Corners$Thing Serializable, capture a copy of the value that"
                    + " is needed, or keep it there with wrap()";
    private static final String THIS_CURE = ", make corners.Corners Serializable, or keep the object there with wrap()";

    private final Compiled.Compiler compiler;
    private final Compiled compiled;
    private final ExplainingCodecProvider provider;
    private final Ends ends;

    CornersTest(Compiled.Compiler compiler, ExplainingCodecProvider provider) {
        this.compiler = compiler;
        this.compiled = Compiled.by(compiler);
        this.provider = provider;
        this.ends = new Ends(provider);
    }

    static Stream<Arguments> all() {
        List<Arguments> all = new ArrayList<>();
        for (Compiled.Compiler compiler : Compiled.Compiler.values()) {
            all.add(Arguments.of(compiler, new RiverCodecProvider()));
            all.add(Arguments.of(compiler, new SerialCodecProvider()));
        }
        return all.stream();
    }

    /** Explains what a method gives, and checks that the codec agrees. */
    private Explanation explain(String method) {
        return explain((Serializable) compiled.function(method));
    }

    private Explanation explain(Serializable function) {
        Explanation explanation = provider.explain(function, new Ends.Handles());
        Throwable refusal = catchThrowable(() -> ends.encode(function));
        assertThat(explanation.travels()).isEqualTo(refusal == null);
        for (Explanation.Obstacle obstacle : explanation.obstacles()) {
            assertThat(refusal).hasMessageContaining(obstacle.text());
        }
        if (explanation.obstacles().size() == 1) {
            assertThat(refusal).hasMessage(explanation.obstacles().get(0).toString());
        }
        return explanation;
    }

    private Object result(String method) throws Exception {
        Object arrived = ends.trip(compiled.function(method), compiled.loader);
        return ((Call<?, ?>) arrived).call();
    }

    private static List<String> captures(Explanation explanation) {
        return explanation.captures().stream()
                .map(c -> c.name() + " " + c.type() + " " + c.valueType())
                .toList();
    }

    private static String obstacle(Explanation explanation) {
        assertThat(explanation.obstacles()).hasSize(1);
        return explanation.obstacles().get(0).text();
    }

    private static String thisOfCorners(String use, String instead) {
        return "this of corners.Corners is captured because " + use + ", and corners.Corners is not Serializable; "
                + instead + THIS_CURE;
    }

    @Test
    void aLambdaTravels() throws Exception {
        Explanation explanation = explain("lambda");
        assertThat(explanation.function()).matches("the lambda at corners.Corners.lambda \\(Corners.java:\\d+\\)");
        assertThat(captures(explanation))
                .containsExactly(
                        "text java.lang.String java.lang.String",
                        "n int java.lang.Integer",
                        "wide long java.lang.Long");
        assertThat(explanation.captures())
                .extracting(Explanation.Capture::bytes)
                .containsExactly(6L, 2L, 2L);
        assertThat(explanation.bytes()).isEqualTo(ends.encode(compiled.function("lambda")).length);
        assertThat(result("lambda")).isEqualTo("text34");
    }

    @Test
    void everythingThatCannotTravelIsNamed() {
        Explanation explanation = explain("lambdaWithThings");
        assertThat(captures(explanation))
                .containsExactly(
                        "n int java.lang.Integer",
                        "thing " + THING + " " + THING,
                        "order corners.Corners$Order corners.Corners$Order");
        assertThat(explanation.obstacles())
                .extracting(Explanation.Obstacle::text)
                .containsExactly(
                        "captured #2 \"thing\" (" + THING + ") is not serializable" + THING_CURE,
                        "captured #3 \"order\" (corners.Corners$Order).customer.thing is a " + THING
                                + ", which is not serializable" + THING_CURE);
        assertThat(explanation.captures())
                .extracting(Explanation.Capture::bytes)
                .containsExactly(2L, Explanation.UNKNOWN, Explanation.UNKNOWN);
        assertThat(explanation.bytes()).isEqualTo(Explanation.UNKNOWN);
    }

    @Test
    void aLambdaThatUsesAFieldCapturesThis() {
        Explanation explanation = explain("lambdaWithField");
        assertThat(captures(explanation)).containsExactly("this corners.Corners corners.Corners");
        assertThat(obstacle(explanation))
                .isEqualTo(thisOfCorners("the lambda uses field bar", "make a local copy of bar"));
        assertThat(obstacle(explain("lambdaWithFields")))
                .isEqualTo(thisOfCorners("the lambda uses fields bar and qux", "make a local copy of bar and qux"));
    }

    @Test
    void aLambdaThatCallsAMethodCapturesThis() {
        assertThat(obstacle(explain("lambdaWithMethod")))
                .isEqualTo(thisOfCorners(
                        "the lambda uses field bar and calls method baz", "make a local copy of what it needs"));
    }

    @Test
    void aLambdaThatUsesThisItself() {
        assertThat(obstacle(explain("lambdaWithThisItself")))
                .isEqualTo(thisOfCorners("the lambda passes it on", "make a local copy of what it needs"));
    }

    @Test
    void aFieldThatIsChangedHasNoCopy() {
        assertThat(obstacle(explain("lambdaThatLoops")))
                .isEqualTo(thisOfCorners("the lambda uses fields bar and qux", "make a local copy of what it needs"));
    }

    @Test
    void aFieldOfAnotherObjectIsNotOneOfThis() {
        Explanation explanation = explain("lambdaWithOtherCorners");
        assertThat(explanation.obstacles())
                .extracting(Explanation.Obstacle::text)
                .containsExactly(
                        thisOfCorners("the lambda uses field bar", "make a local copy of bar"),
                        "captured #2 \"other\" (corners.Corners) is not serializable; make corners.Corners Serializable,"
                                + " capture a copy of the value that is needed, or keep it there with wrap()");
    }

    @Test
    void aLocalCopyIsTheCure() throws Exception {
        assertThat(captures(explain("lambdaWithLocalCopy"))).containsExactly("copy int java.lang.Integer");
        assertThat(result("lambdaWithLocalCopy")).isEqualTo(5);
    }

    @Test
    void methodReferencesToStaticMethodsTravel() throws Exception {
        Explanation explanation = explain("staticReference");
        assertThat(explanation.function())
                .matches("the method reference corners.Corners::answer in corners.Corners \\(Corners.java:\\d+\\)");
        assertThat(explanation.captures()).isEmpty();
        assertThat(result("staticReference")).isEqualTo(42);
    }

    @Test
    void methodReferencesWithoutAnObjectTravel() {
        assertThat(explain("unboundReference").captures()).isEmpty();
        Object arrived = ends.trip(compiled.function("unboundReference"), compiled.loader);
        @SuppressWarnings("unchecked")
        Work<String, Integer, RuntimeException> work = (Work<String, Integer, RuntimeException>) arrived;
        assertThat(work.call("four")).isEqualTo(4);
    }

    @Test
    void methodReferencesBoundToAValueTravel() throws Exception {
        assertThat(captures(explain("boundReference"))).containsExactly("text java.lang.String java.lang.String");
        assertThat(result("boundReference")).isEqualTo(4);
    }

    @Test
    void methodReferencesBoundToAnObjectNameIt() {
        assertThat(obstacle(explain("referenceToThing")))
                .isEqualTo("captured #1 \"thing\" (" + THING + ") is not serializable" + THING_CURE);
    }

    @Test
    void methodReferencesBoundToThisSaySo() {
        Explanation explanation = explain("referenceToThis");
        assertThat(captures(explanation)).containsExactly("this corners.Corners corners.Corners");
        assertThat(obstacle(explanation))
                .isEqualTo(thisOfCorners(
                        "the method reference is bound to it",
                        "use a lambda on local copies of what the method needs"));
    }

    @Test
    void constructorReferencesTravel() throws Exception {
        assertThat(explain("constructorReference").function())
                .startsWith("the method reference java.util.ArrayList::new in corners.Corners");
        assertThat(result("constructorReference")).isEqualTo(List.of());
    }

    @Test
    void methodReferencesWithVariableArgumentsTravel() throws Exception {
        assertThat(explain("varargsReference").function()).contains("corners.Corners.varargsReference (Corners.java:");
        assertThat(result("varargsReference")).isEqualTo("joined 0");
    }

    @Test
    void methodReferencesToSuperTravelIfTheCompilerLetsThem() throws Exception {
        Explanation explanation = explain("superReference");
        assertThat(captures(explanation)).containsExactly("this corners.Corners$Derived corners.Corners$Derived");
        if (compiler == Compiled.Compiler.JAVAC) {
            assertThat(result("superReference")).isEqualTo("base");
        } else {
            assertThat(explanation.function())
                    .startsWith("the method reference corners.Corners$Base::name in corners.Corners$Derived");
            assertThat(obstacle(explanation))
                    .isEqualTo(
                            "it cannot be made again from what is sent, because of what the Eclipse compiler makes of"
                                    + " super::; write a lambda that calls the method in its body");
        }
    }

    @Test
    void nestedLambdasTravel() throws Exception {
        assertThat(captures(explain("nested"))).containsExactly("n int java.lang.Integer");
        assertThat(result("nested")).isEqualTo(4);
    }

    @Test
    void theInnermostLambdaIsTheOneToChange() {
        Explanation explanation = explain("nestedWithThing");
        assertThat(captures(explanation)).containsExactly("inner org.processional.Call a lambda of corners.Corners");
        assertThat(obstacle(explanation))
                .isEqualTo("captured #1 \"thing\" (" + THING + ") is not serializable" + THING_CURE);
        assertThat(explanation.obstacles().get(0).function())
                .startsWith("the lambda at corners.Corners.nestedWithThing (Corners.java:")
                .isNotEqualTo(explanation.function());
    }

    @Test
    void aFieldThatANestedLambdaUsesIsFound() {
        assertThat(obstacle(explain("nestedWithField")))
                .isEqualTo(thisOfCorners("the lambda uses field bar", "make a local copy of bar"));
    }

    @Test
    void aLambdaMadeByALambdaIsNamedForTheMethodAround() throws Exception {
        Serializable inner = (Serializable) ((Call<?, ?>) compiled.function("innerOfNested")).call();
        Explanation explanation = explain(inner);
        assertThat(explanation.function()).contains("the lambda at corners.Corners.innerOfNested (Corners.java:");
        assertThat(captures(explanation)).containsExactly("n int java.lang.Integer");
        Object arrived = ends.trip(inner, compiled.loader);
        assertThat(((Call<?, ?>) arrived).call()).isEqualTo(4);
    }

    @Test
    void anonymousClassesTravel() throws Exception {
        assertThat(captures(explain("anonymous"))).containsExactly("n int java.lang.Integer");
        assertThat(result("anonymous")).isEqualTo(4);
    }

    @Test
    void anonymousClassesNameTheirVariables() {
        Explanation explanation = explain("anonymousWithThing");
        assertThat(captures(explanation)).containsExactly("thing " + THING + " " + THING);
        assertThat(obstacle(explanation))
                .isEqualTo("its thing is a " + THING + ", which is not serializable" + THING_CURE);
    }

    @Test
    void anonymousClassesSayWhatTheyNeedTheObjectAroundFor() {
        Explanation explanation = explain("anonymousWithField");
        assertThat(captures(explanation))
                .containsExactlyInAnyOrder(
                        "own int java.lang.Integer",
                        "n int java.lang.Integer",
                        "Corners.this corners.Corners corners.Corners");
        assertThat(obstacle(explanation))
                .isEqualTo(thisOfCorners(
                        "the anonymous class corners.Corners$3 uses field bar",
                        "use a lambda or a static class on copies of what it needs"));
        assertThat(obstacle(explain("lambdaInAnonymous"))).contains("corners.Corners$5 uses field bar, and");
    }

    @Test
    void anonymousClassesKeepTheObjectAroundForNothing() {
        assertThat(obstacle(explain("anonymousInMethod")))
                .isEqualTo(thisOfCorners(
                        "the anonymous class corners.Corners$4 keeps the object in which it is made, whether it uses it"
                                + " or not",
                        "use a lambda or a static class on copies of what it needs"));
    }

    @Test
    void localClassesTravel() throws Exception {
        assertThat(captures(explain("local"))).containsExactly("n int java.lang.Integer");
        assertThat(result("local")).isEqualTo(4);
    }

    @Test
    void localClassesSayWhatTheyNeedTheObjectAroundFor() {
        assertThat(obstacle(explain("localWithMethod")))
                .isEqualTo(thisOfCorners(
                        "the local class corners.Corners$2Local calls method baz",
                        "make Local a static class outside of the method"));
    }

    @Test
    void localRecordsTravel() throws Exception {
        assertThat(captures(explain("localRecord")))
                .containsExactly("a int java.lang.Integer", "b int java.lang.Integer");
        assertThat(result("localRecord")).isEqualTo(7);
    }

    @Test
    void lambdasOfGenericMethodsTravel() throws Exception {
        assertThat(captures(explain("generic")))
                .containsExactly("a java.lang.Comparable java.lang.String", "b java.lang.Comparable java.lang.String");
        assertThat(result("generic")).isEqualTo("b");
    }

    @Test
    void lambdasOfGenericMethodsNameTheValue() {
        Explanation explanation = explain("genericWithThing");
        assertThat(captures(explanation)).containsExactly("value java.lang.Object " + THING);
        assertThat(obstacle(explanation))
                .isEqualTo("captured #1 \"value\" (" + THING + ") is not serializable" + THING_CURE);
    }

    @Test
    void lambdasOfDefaultMethodsTravel() throws Exception {
        Explanation explanation = explain("ofDefaultMethod");
        assertThat(explanation.function()).contains("the lambda at corners.Corners$Numbered.twice (Corners.java:");
        assertThat(captures(explanation))
                .containsExactly("this corners.Corners$Numbered corners.Corners$Number", "two int java.lang.Integer");
        assertThat(result("ofDefaultMethod")).isEqualTo(8);
    }

    @Test
    void lambdasOfDefaultMethodsNameTheObject() {
        assertThat(obstacle(explain("ofDefaultMethodStuck")))
                .isEqualTo("this of corners.Corners$Stuck is captured because the lambda calls method number, and"
                        + " corners.Corners$Stuck is not Serializable; make a local copy of what it needs, make"
                        + " corners.Corners$Stuck Serializable, or keep the object there with wrap()");
    }

    @Test
    void withoutNamesInTheClassFileNumbersAreGiven() {
        Serializable function = (Serializable) Compiled.withoutNames(compiler).function("lambdaWithThings");
        Explanation explanation = explain(function);
        assertThat(explanation.function()).isEqualTo("the lambda at corners.Corners.lambdaWithThings");
        assertThat(explanation.captures()).extracting(Explanation.Capture::name).containsExactly("#1", "#2", "#3");
        assertThat(explanation.obstacles().get(0).path()).isEqualTo("captured #2 (" + THING + ")");
        Serializable field = (Serializable) Compiled.withoutNames(compiler).function("lambdaWithField");
        assertThat(obstacle(explain(field)))
                .isEqualTo(thisOfCorners("the lambda uses field bar", "make a local copy of bar"));
    }

    @Test
    void withoutAClassFileLessIsSaid() {
        Compiled hidden = Compiled.withoutFiles(compiler);
        Explanation explanation = explain((Serializable) hidden.function("lambdaWithField"));
        assertThat(captures(explanation)).containsExactly("this corners.Corners corners.Corners");
        assertThat(obstacle(explanation))
                .isEqualTo(thisOfCorners(
                        "the lambda uses a field or a method of it", "make a local copy of what it needs"));
        assertThat(obstacle(explain((Serializable) hidden.function("referenceToThis"))))
                .isEqualTo("captured #1 (corners.Corners) is not serializable; make corners.Corners Serializable,"
                        + " capture a copy of the value that is needed, or keep it there with wrap()");
        assertThat(obstacle(explain((Serializable) hidden.function("anonymousWithField"))))
                .contains("keeps the object in which it is made, whether it uses it or not");
    }
}
