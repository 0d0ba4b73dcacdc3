{{/* Names, labels and what the pods have in common. */}}

{{- define "lyhord.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* What identifies the pods of a part for ever. Call with (list $ "api"). */}}
{{- define "lyhord.selector" -}}
app.kubernetes.io/name: {{ (index . 0).Chart.Name }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "lyhord.labels" -}}
{{ include "lyhord.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
app.kubernetes.io/part-of: lyhord
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version | replace "+" "_" }}
{{- end }}

{{/* The image of a part: by digest if there is one. */}}
{{- define "lyhord.image" -}}
{{- $root := index . 0 }}{{- $image := (index $root.Values (index . 1)).image }}
{{- $name := $image.repository }}
{{- with $root.Values.image.registry }}{{ $name = printf "%s/%s" (trimSuffix "/" .) $image.repository }}{{ end }}
{{- if $image.digest }}{{ printf "%s@%s" $name $image.digest }}{{ else }}{{ printf "%s:%s" $name ($root.Values.image.tag | default $root.Chart.AppVersion) }}{{ end }}
{{- end }}

{{/* The same for every pod: who it runs as. It cannot be loosened by values. */}}
{{- define "lyhord.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
serviceAccountName: {{ include "lyhord.fullname" . }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "lyhord.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* The volume of a pod's secret files, and nothing of the others'. Call with (list $ (list "dsn-api" …)). */}}
{{- define "lyhord.secretVolume" -}}
{{- $root := index . 0 }}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
    {{- range index . 1 }}
    {{- $from := get $root.Values.secrets.from . | default dict }}
      - secret:
          name: {{ $from.secret | default $root.Values.secrets.existingSecret }}
          items: [{key: {{ $from.key | default . }}, path: {{ . }}}]
    {{- end }}
    {{- with $root.Values.database.ca.secret }}
      - secret:
          name: {{ . }}
          items: [{key: {{ $root.Values.database.ca.key }}, path: db-ca.crt}]
    {{- end }}
{{- end }}

{{/* The volume of sealed files, where they do not go to S3. */}}
{{- define "lyhord.filesVolume" -}}
{{- with .Values.files.claim }}
- name: files
  persistentVolumeClaim: {claimName: {{ . }}}
{{- end }}
{{- end }}

{{- define "lyhord.filesMount" -}}
{{- if .Values.files.claim }}
- {name: files, mountPath: /var/lib/lyhord}
{{- end }}
{{- end }}

{{- define "lyhord.apiKeys" -}}
{{- $keys := list "dsn-api" "dsn-login" "dsn-intake" "dsn-insight" "root-key" "cookie-secret" }}
{{- if .Values.files.s3.endpoint }}{{ $keys = append $keys "s3-secret-key" }}{{ end }}
{{- if .Values.redis.auth }}{{ $keys = append $keys "redis-password" }}{{ end }}
{{- $keys | toJson }}
{{- end }}

{{- define "lyhord.workerKeys" -}}
{{- $keys := list "dsn-worker" "dsn-relay" "root-key" }}
{{- if .Values.files.s3.endpoint }}{{ $keys = append $keys "s3-secret-key" }}{{ end }}
{{- if .Values.redis.auth }}{{ $keys = append $keys "redis-password" }}{{ end }}
{{- if .Values.smtp.user }}{{ $keys = append $keys "smtp-password" }}{{ end }}
{{- $keys | toJson }}
{{- end }}

{{- define "lyhord.migrateKeys" -}}
{{- $keys := list "dsn-migrator" "root-key" }}
{{- $keys | toJson }}
{{- end }}

{{- define "lyhord.bootstrapKeys" -}}
{{- list "dsn-super" "password-migrator" "password-api" "password-login" "password-intake" "password-insight" "password-worker" "password-relay" | toJson }}
{{- end }}

{{/* Settings that api and worker share. No value of a secret stands here: only the paths of files. */}}
{{- define "lyhord.servingSettings" -}}
LYHORD_PUBLIC_URL: {{ .Values.publicUrl | quote }}
LYHORD_METRICS_LISTEN: ":9090"
LYHORD_LOG_LEVEL: {{ .Values.logLevel }}
LYHORD_DEMO: {{ .Values.demo | quote }}
LYHORD_ROOT_KEY_FILE: /run/lyhord/root-key
{{- if .Values.redis.sentinels }}
LYHORD_REDIS_SENTINELS: {{ join "," .Values.redis.sentinels | quote }}
LYHORD_REDIS_MASTER: {{ required "redis.master: the sentinels need the name of the master" .Values.redis.master | quote }}
{{- if .Values.redis.addr }}{{ fail "redis.addr and redis.sentinels: set one of them" }}{{ end }}
{{- else }}
LYHORD_REDIS_ADDR: {{ required "redis.addr or redis.sentinels must be set" .Values.redis.addr | quote }}
{{- end }}
LYHORD_REDIS_DB: {{ .Values.redis.db | quote }}
LYHORD_REDIS_TLS: {{ .Values.redis.tls | quote }}
{{- if .Values.redis.auth }}
LYHORD_REDIS_PASSWORD_FILE: /run/lyhord/redis-password
{{- end }}
{{- with .Values.files }}
{{- if .s3.endpoint }}
{{- if .claim }}{{ fail "files.claim and files.s3.endpoint: set one of them" }}{{ end }}
LYHORD_S3_ENDPOINT: {{ .s3.endpoint | quote }}
LYHORD_S3_REGION: {{ .s3.region | quote }}
LYHORD_S3_BUCKET: {{ required "files.s3.bucket must be set" .s3.bucket | quote }}
LYHORD_S3_ACCESS_KEY: {{ required "files.s3.accessKey must be set" .s3.accessKey | quote }}
LYHORD_S3_SECRET_KEY_FILE: /run/lyhord/s3-secret-key
{{- else if required "files.claim or files.s3.endpoint must be set" .claim }}
LYHORD_FILES_DIR: /var/lib/lyhord
{{- end }}
{{- end }}
{{- with .Values.otlpEndpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
{{- end }}
{{- end }}

{{/* The init container that holds a pod back until the migration of its own release is done. */}}
{{- define "lyhord.wait" -}}
{{- $root := index . 0 }}
- name: wait-for-migration
  image: {{ include "lyhord.image" (list $root "migration") }}
  imagePullPolicy: {{ $root.Values.image.pullPolicy }}
  args: [wait]
  env:
    - {name: {{ index . 1 }}, value: {{ index . 2 }}}
  securityContext: {{ include "lyhord.containerSecurity" $root | nindent 4 }}
  resources: {{ toYaml $root.Values.migration.resources | nindent 4 }}
  volumeMounts:
    - {name: secrets, mountPath: /run/lyhord, readOnly: true}
{{- end }}

{{/* Where pods go: over zones and hosts, and where the values say. Call with (list $ "api"). */}}
{{- define "lyhord.placement" -}}
{{- $part := index (index . 0).Values (index . 1) }}
topologySpreadConstraints:
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: {matchLabels: {{ include "lyhord.selector" $ | fromYaml | toJson }}}
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- with $part.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $part.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $part.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with $part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* The port of host:port. */}}
{{- define "lyhord.portOf" -}}{{ regexFind "[0-9]+$" . }}{{- end }}

{{- define "lyhord.host" -}}{{ (urlParse .Values.publicUrl).hostname }}{{- end }}

{{/* A rule of egress. Call with (list peers (list ports)). No peers: anywhere, but only on these ports. */}}
{{- define "lyhord.egress" }}
- ports:
  {{- range index . 1 | uniq }}
    - {protocol: TCP, port: {{ . }}}
  {{- end }}
  {{- with index . 0 }}
  to: {{ toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
