// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processional.CodecException;

@Timeout(60)
class RemoteTaskTest {
    @Test
    void aDamagedAnswerEndsTheTask() {
        RemoteTask<Object> task =
                new RemoteTask<>(null, getClass().getClassLoader(), 0, RequestOptions.ENGINE, null, null, null);
        task.answerFailure(new Delivery(null, 0, 0, ByteBuffer.allocate(0)), 0);
        assertThat(task.isDone()).isTrue();
        assertThatThrownBy(task::await).isInstanceOf(CodecException.class).hasMessageContaining("damaged");
    }
}
