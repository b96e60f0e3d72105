#pragma once

/* The parts of process control that glibc hides behind _GNU_SOURCE. */

/* A pipe whose ends close on exec; its buffer is enlarged to bufferBytes where the kernel allows.
   0, or -1 with errno. */
int cprocess_pipe(int descriptors[2], int bufferBytes);

/* Has the kernel kill this process when its parent dies. */
int cprocess_die_with_parent(void);

/* Tells the allocator to keep few arenas and give memory back early. */
void cprocess_bound_allocator(void);
