# SPDX-License-Identifier: GPL-3.0-or-later
# Child.pm - an object that owns a child process, which ends with it
#
# The object has the process in {pid} (0: there is none), and its own process
# in {owner}: a fork of the test leaves the child alone.
package MQ::Child;
use strict;
use warnings;

sub stop {
	my ($self) = @_;
	return if !$self->{pid} || $self->{owner} != $$;
	local $?;
	kill 'TERM', $self->{pid};
	waitpid $self->{pid}, 0;
	$self->{pid} = 0;
}

sub DESTROY {
	my ($self) = @_;
	$self->stop;
}

1;
