/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * runner.c - the main() of a fuzz target that is built without libFuzzer
 *
 * Runs the target once on each file of its arguments, as libFuzzer does, and
 * on each beginning of a small one.  Each input has an allocation of its own,
 * so that a sanitizer sees a read behind its end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "base/fsx.h"

#define RUNNER_MAX   (1024 * 1024)
#define RUNNER_SMALL 4096

static int
runner_input(const char *bytes, size_t n)
{
	uint8_t *copy = malloc(n != 0 ? n : 1);

	if (copy == NULL)
		return -1;
	if (n != 0)
		memcpy(copy, bytes, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
	return 0;
}

static int
runner_file(const char *path)
{
	struct buf text = BUF_INIT;
	size_t n;
	int rc;

	rc = fsx_read(AT_FDCWD, path, 0, RUNNER_MAX, &text);
	if (rc != 0)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	n = text.len <= RUNNER_SMALL ? 0 : text.len;
	for (; rc == 0 && n <= text.len; n++)
		rc = runner_input(text.data, n);
	buf_free(&text);
	return rc;
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (runner_file(argv[i]) != 0)
			return 1;
	printf("%d files\n", argc - 1);
	return argc > 1 ? 0 : 1;
}
