{{- define "probe.name" -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "probe.selector" -}}
app.kubernetes.io/name: privatelink-probe
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "probe.metadata" -}}
name: {{ include "probe.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "probe.selector" . | nindent 2 }}
{{- end -}}

{{- define "probe.config" -}}
{{- $name := include "probe.name" . -}}
{{- $names := list $name (printf "%s.%s" $name .Release.Namespace) (printf "%s.%s.svc" $name .Release.Namespace) (printf "%s.%s.svc.cluster.local" $name .Release.Namespace) -}}
{{- $own := dict "targets" .Values.targets "resolvers" .Values.resolvers "listen" (dict "names" $names) -}}
{{- if eq .Values.kind "Deployment" -}}
{{- $_ := set $own "probes" .Values.replicas -}}
{{- end -}}
{{- toYaml (mergeOverwrite $own (deepCopy .Values.config)) -}}
{{- end -}}
