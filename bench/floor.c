/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor.c - the least that counting a directory can cost
 *
 * floor DIR
 *
 * A bare getdents64 loop: no name is looked at, nothing is sorted.  Prints
 * the number of entries, "." and ".." among them.  Linux only.
 */
#include <sys/syscall.h>

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLOCK         32768
#define RECLEN_OFFSET 16 /* of d_reclen in struct linux_dirent64 */

int
main(int argc, char **argv)
{
	static _Alignas(uint64_t) char block[BLOCK];
	unsigned long entries = 0;
	uint16_t reclen;
	long n, at;
	int fd;

	if (argc != 2)
		errx(2, "usage: floor DIR");
	fd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		err(1, "%s", argv[1]);
	while ((n = syscall(SYS_getdents64, fd, block, BLOCK)) > 0)
		for (at = 0; at < n; at += reclen) {
			memcpy(&reclen, block + at + RECLEN_OFFSET,
			    sizeof(reclen));
			entries++;
		}
	if (n < 0)
		err(1, "%s", argv[1]);
	printf("%lu\n", entries);
	return 0;
}
