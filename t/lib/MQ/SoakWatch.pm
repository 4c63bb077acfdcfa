# SPDX-License-Identifier: GPL-3.0-or-later
# SoakWatch.pm - one mqc for all of the time, and what becomes of it
#
# It asks a server over TCP and a command. The number of a moment in which all
# is quiet has to be right. sample() looks at its memory, descriptors and
# processor time, and at the history of check_mqueue; results() compares the
# last quarter of the time with the first.
package MQ::SoakWatch;
use strict;
use warnings;

use MQ;
use POSIX ();

my $INTERVAL = 2;
my $HISTORY = 64;	# samples that check_mqueue keeps, see trend.h

sub new {
	my ($class, %all) = @_;
	my $self = bless {%all, out => "$all{dir}/notes/mqc", owner => $$,
	    samples => [], at => 0, rows => 0, late => 0}, $class;
	my @command = $all{soak}->command({seconds => 0}, 'mqc', '--tsv', '-i',
	    $INTERVAL, "tcp=$all{server}", "exec=exec: " . builddir() .
	    "/bin/mqreport -q $all{queue}");
	$self->{pid} = fork // die "fork: $!\n";
	if (!$self->{pid}) {
		open STDIN, '<', '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>', $self->{out} or POSIX::_exit(126);
		open STDERR, '>', "$self->{out}.err" or POSIX::_exit(126);
		exec { $command[0] } @command or POSIX::_exit(127);
	}
	# The last of the row of processes may be a report under way.
	$self->{mqc} = wait_for(sub { (grep { -e "/proc/$_/exe" && readlink(
	    "/proc/$_/exe") =~ m{/mqc$} } $all{soak}->children($self->{pid}))
	    [0] }, 'mqc');
	return $self;
}

sub DESTROY {
	my ($self) = @_;
	return if !$self->{pid} || $self->{owner} != $$;
	local $?;
	kill 'TERM', $self->{pid};
	waitpid $self->{pid}, 0;
}

# The rows that came since: [time, host, answer, number, how it counts].
sub _rows {
	my ($self) = @_;
	open my $fh, '<', $self->{out} or die "$self->{out}: $!\n";
	seek $fh, $self->{at}, 0;
	my @rows;
	while (my $line = <$fh>) {
		last if $line !~ /\n\z/;
		$self->{at} += length $line;
		my ($time, $host, $answer, undef, $n, $how) = split /\t/, $line;
		next if $time eq 'time';
		$self->{rows}++;
		$self->{late}++ if $answer ne 'ok';
		push @rows, [$time, $host, $answer, $n, $how];
	}
	return @rows;
}

# Waits for a round that began in this quiet moment. All the earlier ones have
# numbers, too; how exact, only the model of that time would know.
sub row_of_now {
	my ($self) = @_;
	my ($soak, $churn) = @$self{qw(soak churn)};
	my $now = time;
	my %new;
	$soak->check($_->[4] eq 'exact' && $_->[3] =~ /^\d+$/, 'mqc: a row',
	    "@$_") for $self->_rows;
	wait_for(sub {
		$new{$_->[1]} = $_ for grep { $_->[0] > $now
		    && $_->[2] eq 'ok' } $self->_rows;
		return keys %new == 2;
	}, 'two answers to mqc');
	$soak->equal($new{$_}[3], $churn->count('qi', 1), "mqc: $_")
	    for sort keys %new;
	$self->_replay;
}

# What one mqc records another one shows again.
sub _replay {
	my ($self) = @_;
	my $soak = $self->{soak};
	my $file = "$self->{dir}/tmp/record";
	my @hosts = ("tcp=$self->{server}");
	my $first = $soak->run_program('mqc', '--tsv', '--once', '--record',
	    $file, @hosts);
	my $second = $soak->run_program('mqc', '--tsv', '--replay', $file,
	    '--speed', 0);
	$soak->check($_->{code} == 0 && $_->{err} eq '', 'mqc: record, replay',
	    "status $_->{code}", $_->{err}) for $first, $second;
	# A recording has whole seconds: an age may be one more or less.
	my ($ages, @rest) = ('');
	for ($first, $second) {
		push @rest, $_->{out} =~ s/(\tok\t)(\d+)/$ages .= " $2", $1/er;
	}
	my ($then, $now) = split ' ', $ages;
	$soak->equal($rest[1], $rest[0], 'mqc: what was recorded');
	$soak->between($now, $then - 1, $then + 1, 'mqc: the recorded age');
	for my $how (['--json'], ['--time', '--total', '--relays', '--width',
	    60]) {
		my $r = $soak->run_program('mqc', '--replay', $file, '--speed', 0,
		    @$how);
		my $n = $self->{churn}->count('qi', 1);
		$soak->check($r->{code} == 0 && $r->{err} eq ''
		    && $r->{out} =~ /\b$n\b/, "mqc: @$how", $r->{out},
		    $r->{err}, "expected $n");
	}
	unlink $file;
}

sub sample {
	my ($self) = @_;
	push @{$self->{samples}}, $self->{soak}->look_at($self->{mqc});
	my @histories = glob "$self->{dir}/state/*/check_mqueue/*";
	for (@histories) {
		my $n = () = slurp($_) =~ /\n/g;
		$self->{soak}->between($n, 2, $HISTORY + 1, 'history');
	}
	$self->{soak}->equal(scalar @histories, 2, 'histories of two queues');
}

# A signal ends it, and that is no failure.
sub stop {
	my ($self) = @_;
	kill 'TERM', $self->{pid};
	waitpid $self->{pid}, 0;
	$self->{pid} = 0;
	$self->{soak}->equal($? >> 8, 0, 'mqc: exit status');
	$self->{soak}->equal(slurp("$self->{out}.err"), '', 'mqc: errors');
}

sub _most {
	my ($key, @samples) = @_;
	return (sort { $b <=> $a } map { $_->{$key} } @samples)[0];
}

# [true or not, what, details]. The first quarter has to be warm: what there
# is once, such as the buffers of the first rounds, is no leak.
sub results {
	my ($self) = @_;
	my @s = @{$self->{samples}};
	my $quarter = int(@s / 4) || 1;
	my @first = @s[0 .. $quarter - 1];
	my @last = @s[-$quarter .. -1];
	my $took = $s[-1]{at} - $s[0]{at} || 1;
	$self->{text} = sprintf "mqc: %d rows, %d late; %d kB in the first"
	    . " quarter, %d in the last; %d descriptors, then %d; %.2f%% of"
	    . " a processor\n", @$self{qw(rows late)}, _most('rss', @first),
	    _most('rss', @last), _most('fds', @first), _most('fds', @last),
	    ($s[-1]{ticks} - $s[0]{ticks}) / $took;
	return ([_most('rss', @last) <= _most('rss', @first) + 256,
	    'mqc: memory stays the same', $self->{text}],
	    [_most('fds', @last) <= _most('fds', @first) + 4,
	    'mqc: no descriptor is left open', $self->{text}],
	    [$self->{late} <= 2 + $self->{rows} / 20,
	    'mqc: nearly all answers were in time', $self->{text}]);
}

sub summary { my ($self) = @_; return $self->{text} }

1;
