/* SPDX-License-Identifier: GPL-3.0-or-later */
/* machine.h - a hash of the machine-id, by which reports tell hosts apart */
#ifndef TOOLS_MQREPORT_MACHINE_H
#define TOOLS_MQREPORT_MACHINE_H

/*
 * 32 hex digits for the line machine of a report, made of the machine-id(5)
 * below root, into *machine, which the caller frees; NULL: there is no such
 * file, or no id in it that can be read.  0, or -1: out of memory.
 */
int mqreport_machine(const char *root, char **machine);

#endif
